-- Finds rates of usage_segments outside 0 to 1, outside their own Wilson interval, or missing.
-- When it matters: always; such a figure is wrong whatever the data say.
-- How to fix: compare n_people and the count of the rate; then macros/metrics/statistics.sql.

with

usage_segments as (

    select * from {{ ref('usage_segments') }}

),

-- At 0 and 1 the interval ends on the rate itself, so rounding may leave a difference of 1e-12.
broken as (

    {% for name in ['active', 'daily', 'monthly_active', 'tried'] %}
    select
        '{{ name }}_rate' as rate_name,
        tool_id,
        week_start_date,
        dimension,
        dimension_value,
        {{ name }}_rate as rate,
        {{ name }}_rate_low as rate_low,
        {{ name }}_rate_high as rate_high

    from usage_segments

    where
        {{ name }}_rate is null
        or {{ name }}_rate_low is null
        or {{ name }}_rate_high is null
        or {{ name }}_rate_low < 0
        or {{ name }}_rate_high > 1
        or {{ name }}_rate < {{ name }}_rate_low - 1e-12
        or {{ name }}_rate > {{ name }}_rate_high + 1e-12

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from broken
