-- One row per comparison, stratum, manager and side: people and how many of them used the tool in
-- the last covered week of the month.
--
-- A stratum is what the treated and their controls have in common: month of treatment, role group,
-- country, tenure band, and use in the last month before (none, up to half of its weeks, more).

with

{% set stratum = ['role_group', 'country', 'tenure_band', 'baseline_band'] %}
comparisons as (

    select * from {{ ref('int_matched_comparisons') }}

),

units as (

    select * from {{ ref('int_effect_units') }}

),

matched_people as (

    select * from {{ ref('int_matched_people') }}

),

base_outcomes as (

    select * from {{ ref('int_effect_outcomes') }}

),

later_outcomes as (

    select * from {{ ref('int_effect_outcomes') }}

    where is_active_in_last_week

),

-- one comparison : the people of its month of treatment, and those not treated by its month, whom
-- the panel has from the last month before on; one of them : what they have in common with others,
-- zero or one month of use before and after.
compared as (

    select
        comparisons.panel_id,
        comparisons.event_time,
        comparisons.treated_period,
        matched_people.cluster_id,
        matched_people.role_group,
        matched_people.country,
        matched_people.tenure_band,
        case
            when base_outcomes.share_of_weeks > 0.5 then 'most_weeks'
            when base_outcomes.share_of_weeks > 0 then 'some_weeks'
            else 'no_week'
        end as baseline_band,
        units.treated_period = comparisons.treated_period as is_treated,
        later_outcomes.employee_id is not null as is_active

    from comparisons

    inner join units
        on comparisons.panel_id = units.panel_id
        and comparisons.base_period >= units.entered_period

    inner join matched_people
        on units.tool_id = matched_people.tool_id
        and units.employee_id = matched_people.employee_id

    left join base_outcomes
        on units.tool_id = base_outcomes.tool_id
        and units.employee_id = base_outcomes.employee_id
        and comparisons.base_period = base_outcomes.period

    left join later_outcomes
        on units.tool_id = later_outcomes.tool_id
        and units.employee_id = later_outcomes.employee_id
        and comparisons.period = later_outcomes.period

    where
        comparisons.treated_period = units.treated_period
        or ({{ is_effect_control(
            'units.treated_period', 'comparisons.treated_period', 'comparisons.period',
            "'" ~ var('effect_controls') ~ "'"
        ) }})

),

cells as (

    select
        panel_id,
        event_time,
        treated_period,
        cluster_id,
        {{ stratum | join(',\n        ') }},
        is_treated,
        count(*) as n_units,
        cast(sum(case when is_active then 1 else 0 end) as bigint) as n_active

    from compared

    group by
        panel_id,
        event_time,
        treated_period,
        cluster_id,
        {{ stratum | join(',\n        ') }},
        is_treated

)

select * from cells
