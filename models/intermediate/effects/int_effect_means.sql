-- One row per panel, group (units first treated in the same period), period of entry and period
-- from then on: the mean outcome.
--
-- The first step of the estimator, which knows nothing of people and tools: whatever panel stands
-- in int_effect_sums is estimated. A period without a sum has outcome 0 for the whole group.

with

effect_sums as (

    select * from {{ ref('int_effect_sums') }}

),

effect_periods as (

    select * from {{ ref('int_effect_periods') }}

),

group_sizes as (

    select
        panel_id,
        treated_period,
        entered_period,
        sum(amount) as n_units

    from effect_sums

    where period = 0

    group by
        panel_id,
        treated_period,
        entered_period

),

outcome_totals as (

    select
        panel_id,
        treated_period,
        entered_period,
        period,
        sum(amount) as outcome_sum

    from effect_sums

    where period <> 0

    group by
        panel_id,
        treated_period,
        entered_period,
        period

),

-- one group : every period of its panel from its entry on; one group and period : zero or one
-- total.
means as (

    select
        group_sizes.panel_id,
        group_sizes.treated_period,
        group_sizes.entered_period,
        effect_periods.period,
        cast(group_sizes.n_units as bigint) as n_units,
        coalesce(outcome_totals.outcome_sum, 0e0) / group_sizes.n_units as mean_outcome

    from group_sizes

    inner join effect_periods
        on group_sizes.panel_id = effect_periods.panel_id
        and group_sizes.entered_period <= effect_periods.period

    left join outcome_totals
        on group_sizes.panel_id = outcome_totals.panel_id
        and group_sizes.treated_period = outcome_totals.treated_period
        and group_sizes.entered_period = outcome_totals.entered_period
        and effect_periods.period = outcome_totals.period

)

select * from means
