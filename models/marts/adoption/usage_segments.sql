-- One row per tool (or `all`), week, dimension and value: everyone employed on the week's last day,
-- by how much they use the tool.
--
-- Trained or not, with the attributes of that day. tool_id `all` counts people over tools, and only
-- tools whose weeks start on the same day share a row.

with

segment_counts as (

    select * from {{ ref('int_segment_counts') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many rows : the one row of settings.
usage_segments as (

    select
        'all' as program_id,
        segment_counts.tool_id,
        cast(null as integer) as checkpoint_day,
        segment_counts.dimension,
        segment_counts.dimension_value,
        segment_counts.week_start_date,
        segment_counts.week_end_date,
        segment_counts.n_uncovered_days,
        segment_counts.n_uncovered_days_12w,
        segment_counts.n_uncovered_days_4w,
        segment_counts.n_people,
        {% for weeks in ['12w', '4w'] %}
        {% for segment in [
            'non_user', 'low', 'novice', 'habitual', 'power', 'insufficient_history'
        ] %}
        segment_counts.n_{{ segment }}_{{ weeks }},
        {% endfor %}
        {% endfor %}
        {% for name in ['active', 'daily', 'monthly_active', 'tried'] %}
        {% set counted = 'segment_counts.n_' ~ name %}
        {{ counted }},
        {{ safe_rate(counted, 'segment_counts.n_people') }} as {{ name }}_rate,
        {{ wilson_low(counted, 'segment_counts.n_people') }} as {{ name }}_rate_low,
        {{ wilson_high(counted, 'segment_counts.n_people') }} as {{ name }}_rate_high,
        {% endfor %}
        segment_counts.n_newly_active,
        segment_counts.n_retained,
        segment_counts.n_resurrected,
        segment_counts.n_lapsed,
        segment_counts.n_dormant,
        segment_counts.n_never_active,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        settings.as_of_date,
        settings.rules_hash

    from segment_counts

    cross join settings

)

select * from usage_segments
