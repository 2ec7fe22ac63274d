-- One row per panel of completion, month of treatment and month 1, 2 or 3 after it that the panel
-- has, with the last month before the treatment: whose use is compared, when.
--
-- Three months: those of the checkpoints. Month 0 is partly before the training.

with

treated_months as (

    select distinct
        panel_id,
        treated_period

    from {{ ref('int_effect_units') }}

    where treated_period < {{ never_treated() }}

),

completion_panels as (

    select * from {{ ref('int_effect_panels') }}

    where estimator = 'completion'

),

effect_periods as (

    select * from {{ ref('int_effect_periods') }}

),

-- many months of treatment : zero or one panel. Those of assignment are excluded; there is always
-- an earlier month, because who is treated in the first one is in no panel.
with_bases as (

    select
        treated_months.panel_id,
        treated_months.treated_period,
        max(effect_periods.period) as base_period

    from treated_months

    inner join completion_panels
        on treated_months.panel_id = completion_panels.panel_id

    inner join effect_periods
        on treated_months.panel_id = effect_periods.panel_id
        and treated_months.treated_period > effect_periods.period

    group by
        treated_months.panel_id,
        treated_months.treated_period

),

-- one month of treatment : up to three months after it. One that the panel lacks is excluded.
comparisons as (

    select
        with_bases.panel_id,
        with_bases.treated_period,
        with_bases.base_period,
        effect_periods.period,
        effect_periods.period - with_bases.treated_period as event_time

    from with_bases

    inner join effect_periods
        on with_bases.panel_id = effect_periods.panel_id
        and with_bases.treated_period < effect_periods.period
        and with_bases.treated_period + 3 >= effect_periods.period

)

select * from comparisons
