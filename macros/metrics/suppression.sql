{#- Smallest denominator that may be shown: var min_cell, never below the hard floor of 5. -#}
{% macro display_floor() %}{{ return([5, var('min_cell') | int] | max) }}{% endmacro %}

{#- Select items that show each column only where `condition` holds, else NULL. -#}
{% macro shown_where(condition, columns) -%}
    {%- for column in columns %}
        case when {{ condition }} then {{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Why a cell hides something: the names of the conditions that fail, joined by '; ', NULL if none.
    `conditions` maps the reason to the condition under which its part is shown. -#}
{% macro suppression_reasons(conditions) -%}
    nullif(trim(
        {%- for reason, condition in conditions.items() %}
        case when {{ condition }} then '' else '{{ reason }} ' end
            {{- ' ||' if not loop.last }}
        {%- endfor %}
    ), '')
{%- endmacro %}

{#- Condition: the count is 0 or large enough to be shown, so that what it is left out of may be shown beside it. -#}
{% macro none_or_enough(count) -%}
    (coalesce({{ count }}, 0) = 0 or {{ count }} >= {{ display_floor() }})
{%- endmacro %}
