-- One row per panel, parameter, group, entry and period: by how much a unit's outcome moves the
-- parameter (its influence function). Period 0: what each unit adds for being in the group.
--
-- Without covariates the influence function is linear in the outcomes, so a cluster's influence is
-- a sum over int_effect_sums with these coefficients: nobody is repeated for each cell.

with

effect_panels as (

    select * from {{ ref('int_effect_panels') }}

),

weights as (

    select * from {{ ref('int_effect_weights') }}

    where weight is not null

),

effect_means as (

    select * from {{ ref('int_effect_means') }}

),

-- many weights : one panel, and every group of it in the cell's period that was there in its base
-- period.
compared as (

    select
        weights.panel_id,
        weights.parameter_number,
        effect_means.treated_period,
        effect_means.entered_period,
        weights.period,
        weights.base_period,
        case
            when effect_means.treated_period = weights.treated_period
                then weights.weight / weights.n_treated
            else -weights.weight / weights.n_controls
        end as per_unit,
        case
            when effect_means.treated_period = weights.treated_period then weights.treated_change
            else weights.control_change
        end as mean_change,
        case
            when effect_means.treated_period = weights.treated_period then weights.share_term
            else 0e0
        end as share_term

    from weights

    inner join effect_panels
        on weights.panel_id = effect_panels.panel_id

    inner join effect_means
        on weights.panel_id = effect_means.panel_id
        and weights.period = effect_means.period
        and weights.base_period >= effect_means.entered_period

    where
        effect_means.treated_period = weights.treated_period
        or (
            {{ is_effect_control(
                'effect_means.treated_period', 'weights.treated_period', 'weights.period',
                'effect_panels.control_group'
            ) }}
        )

),

parts as (

    {% for period, part in {
        'period': 'per_unit',
        'base_period': '-per_unit',
        '0': 'share_term - per_unit * mean_change',
    }.items() %}
    select
        panel_id,
        parameter_number,
        treated_period,
        entered_period,
        {{ period }} as period,
        {{ part }} as part

    from compared

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

coefficients as (

    select
        panel_id,
        parameter_number,
        treated_period,
        entered_period,
        period,
        sum(part) as coefficient

    from parts

    group by
        panel_id,
        parameter_number,
        treated_period,
        entered_period,
        period

)

select * from coefficients
