-- One row per panel, treated group and period: the group-time effect ATT(g, t) of Callaway &
-- Sant'Anna (2021), a difference of mean changes between the group and its controls.
--
-- From the treatment on the change is from the last period before it; before the treatment (leads)
-- it is from the period before. Groups that are treated from the panel's first period on have
-- neither. Only units seen in both periods are in a cell. A cell with few people on a side is kept,
-- unsupported and without effect.

with

effect_panels as (

    select * from {{ ref('int_effect_panels') }}

),

effect_means as (

    select * from {{ ref('int_effect_means') }}

),

treated_groups as (

    select distinct
        panel_id,
        treated_period

    from effect_means

    where treated_period <> {{ never_treated() }}

),

effect_periods as (

    select * from {{ ref('int_effect_periods') }}

),

-- one group : every period of its panel.
group_periods as (

    select
        treated_groups.panel_id,
        treated_groups.treated_period,
        effect_periods.period,
        lag(effect_periods.period) over (
            partition by treated_groups.panel_id, treated_groups.treated_period
            order by effect_periods.period
        ) as previous_period,
        max(case
            when effect_periods.period < treated_groups.treated_period then effect_periods.period
        end) over (
            partition by treated_groups.panel_id, treated_groups.treated_period
        ) as last_untreated_period

    from treated_groups

    inner join effect_periods
        on treated_groups.panel_id = effect_periods.panel_id

),

pairs as (

    select
        panel_id,
        treated_period,
        period,
        case
            when period < treated_period then previous_period
            else last_untreated_period
        end as base_period

    from group_periods

    where period >= treated_period - {{ var('effect_leads') }}

),

sides as (

    {% for side, sign in {'period': '1e0', 'base_period': '-1e0'}.items() %}
    select
        panel_id,
        treated_period,
        period,
        base_period,
        {{ side }} as side_period,
        {{ sign }} as sign

    from pairs

    where base_period is not null

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many sides : every group of the panel in that period that was there in the base period; many :
-- one panel. A cell nobody was there for has no row.
compared as (

    select
        sides.panel_id,
        sides.treated_period,
        sides.period,
        sides.base_period,
        sides.sign,
        effect_means.n_units,
        effect_means.mean_outcome,
        effect_means.treated_period = sides.treated_period as is_treated,
        {{ is_effect_control(
            'effect_means.treated_period', 'sides.treated_period', 'sides.period',
            'effect_panels.control_group'
        ) }} as is_control

    from sides

    inner join effect_means
        on sides.panel_id = effect_means.panel_id
        and sides.side_period = effect_means.period
        and sides.base_period >= effect_means.entered_period

    inner join effect_panels
        on sides.panel_id = effect_panels.panel_id

),

changes as (

    select
        panel_id,
        treated_period,
        period,
        base_period,
        cast(sum(case when is_treated and sign > 0 then n_units else 0 end) as bigint)
            as n_treated,
        sum(case when is_treated then sign * n_units * mean_outcome end)
        / nullif(sum(case when is_treated and sign > 0 then n_units end), 0) as treated_change,
        cast(sum(case when is_control and sign > 0 then n_units else 0 end) as bigint)
            as n_controls,
        sum(case when is_control then sign * n_units * mean_outcome end)
        / nullif(sum(case when is_control and sign > 0 then n_units end), 0) as control_change

    from compared

    group by
        panel_id,
        treated_period,
        period,
        base_period

),

cells as (

    select
        panel_id,
        treated_period,
        period,
        base_period,
        period - treated_period as event_time,
        n_treated,
        n_controls,
        treated_change,
        control_change,
        n_treated >= {{ display_floor() }} and n_controls >= {{ display_floor() }} as is_supported,
        case
            when n_treated >= {{ display_floor() }} and n_controls >= {{ display_floor() }}
                then treated_change - control_change
        end as effect

    from changes

)

select * from cells
