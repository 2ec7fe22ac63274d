{#- The reasons for which a unit is not judged on a day, each in one place: checkpoints and the weeks of a
    curve are judged by the same ones (section 5 of the definitions). -#}
{% macro is_window_open(day, watermark_date, as_of_date) -%}
    ({{ watermark_date }} is null or {{ day }} > {{ watermark_date }} or {{ day }} > {{ as_of_date }})
{%- endmacro %}

{% macro is_feed_gap(has_block, n_covered_days, n_block_days) -%}
    (not {{ has_block }} or {{ n_covered_days }} < {{ n_block_days }})
{%- endmacro %}

{% macro is_licence_unknown(is_sold_by_seat, n_seat_covered_days, n_block_days) -%}
    ({{ is_sold_by_seat }} and {{ n_seat_covered_days }} < {{ n_block_days }})
{%- endmacro %}

{% macro is_on_leave(n_leave_days) -%}
    {{ n_leave_days }} >= {{ var('leave_days') }}
{%- endmacro %}

{#- A tool that only reports weeks is judged by one of them; one whose rows never were a week has none. -#}
{% macro has_block(usage_grain, week_end_weekday) -%}
    ({{ usage_grain }} <> 'weekly' or {{ week_end_weekday }} is not null)
{%- endmacro %}

{#- Days from the end of the block back from the day that is judged: 0 for daily tools; for weekly ones to
    the last day on which one of their weeks ended. -#}
{% macro days_since_block_end(day, week_end_weekday) -%}
    coalesce(({{ iso_weekday(day) }} - {{ week_end_weekday }} + 7) % 7, 0)
{%- endmacro %}
