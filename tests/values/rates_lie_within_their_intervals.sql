-- Finds rates outside 0 to 1, outside their own Wilson interval, or missing though somebody was
-- counted.
-- When it matters: always; such a figure is wrong whatever the data say.
-- How to fix: compare numerator and denominator of the rate; then macros/metrics/statistics.sql.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

),

manager_cohorts as (

    select * from {{ ref('manager_cohorts') }}

),

rates as (

    {% set rates = {
        'completion_rate': 'n_assigned',
        'adoption_rate': 'n_eligible',
        'conversion_rate': 'n_new',
        'retention_rate': 'n_existing',
    } %}
    {% for rate, denominator in rates.items() %}
    select
        'adoption_rates' as relation_name,
        program_id,
        tool_id,
        checkpoint_day,
        dimension_value,
        '{{ rate }}' as rate_name,
        {{ denominator }} as denominator,
        {{ rate }} as rate,
        {{ rate }}_low as rate_low,
        {{ rate }}_high as rate_high

    from adoption_rates

    union all

    {% endfor %}
    {% set rates_of_teams = {
        'adoption_rate': 'n_eligible',
        'reversion_rate_30_60': 'n_at_risk_30_60',
        'reversion_rate_60_90': 'n_at_risk_60_90',
    } %}
    {% for rate, denominator in rates_of_teams.items() %}
    select
        'manager_cohorts' as relation_name,
        program_id,
        tool_id,
        checkpoint_day,
        manager_key as dimension_value,
        '{{ rate }}' as rate_name,
        {{ denominator }} as denominator,
        {{ rate }} as rate,
        {{ rate }}_low as rate_low,
        {{ rate }}_high as rate_high

    from manager_cohorts

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- At 0 and 1 the interval ends on the rate itself, so rounding may leave a difference of 1e-12.
broken as (

    select
        relation_name,
        program_id,
        tool_id,
        checkpoint_day,
        dimension_value,
        rate_name,
        denominator,
        rate,
        rate_low,
        rate_high

    from rates

    where
        rate < 0
        or rate > 1
        or rate_low < 0
        or rate_high > 1
        or rate < rate_low - 1e-12
        or rate > rate_high + 1e-12
        or (coalesce(denominator, 0) > 0) <> (rate is not null)
        or (rate is null) <> (rate_low is null)
        or (rate is null) <> (rate_high is null)

)

select * from broken
