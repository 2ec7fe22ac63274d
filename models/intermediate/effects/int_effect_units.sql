-- One row per panel and person in it, with the month of the treatment: completion, assignment, or
-- the first completion of the team.

with

trained_units as (

    select
        panel_id,
        tool_id,
        employee_id,
        cluster_id,
        entered_period,
        treated_period

    from {{ ref('int_effect_trained_units') }}

),

team_units as (

    select
        panel_id,
        tool_id,
        employee_id,
        cluster_id,
        entered_period,
        treated_period

    from {{ ref('int_effect_team_units') }}

),

effect_units as (

    select * from trained_units

    union all

    select * from team_units

)

select * from effect_units
