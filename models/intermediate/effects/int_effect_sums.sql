-- One row per panel, cluster, group, period of entry and period: the sum of the outcome over the
-- units; in period 0 their number. All the estimator reads of a panel, beside its periods.
--
-- The outcome of a month is the share of its covered weeks in which the person used the tool. Sums
-- of 0 have no row.

with

{% set columns = ['panel_id', 'cluster_id', 'treated_period', 'entered_period'] %}
units as (

    select * from {{ ref('int_effect_units') }}

),

shares as (

    select * from {{ ref('int_effect_outcomes') }}

),

effect_periods as (

    select * from {{ ref('int_effect_periods') }}

),

-- one unit : its months with use from its entry on. Who is in no panel is excluded.
outcomes as (

    select
        units.{{ columns | join(',\n        units.') }},
        shares.period,
        sum(shares.share_of_weeks) as amount

    from units

    inner join shares
        on units.tool_id = shares.tool_id
        and units.employee_id = shares.employee_id
        and units.entered_period <= shares.period

    group by
        units.{{ columns | join(',\n        units.') }},
        shares.period

),

-- many sums : zero or one period of the panel. Months that are in no panel are excluded.
outcomes_of_panels as (

    select
        outcomes.{{ columns | join(',\n        outcomes.') }},
        outcomes.period,
        outcomes.amount

    from outcomes

    inner join effect_periods
        on outcomes.panel_id = effect_periods.panel_id
        and outcomes.period = effect_periods.period

),

sums as (

    select
        {{ columns | join(',\n        ') }},
        0 as period,
        cast(count(*) as double) as amount

    from units

    group by
        {{ columns | join(',\n        ') }}

    union all

    select
        {{ columns | join(',\n        ') }},
        period,
        amount

    from outcomes_of_panels

)

select * from sums
