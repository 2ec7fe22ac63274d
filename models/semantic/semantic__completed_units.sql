-- One row per completed learner-tool unit, whatever the program: what it is judged to be at 30, 60
-- and 90 days.
--
-- N stands in columns, so that no sum counts a unit once per checkpoint.

with

unit_checkpoints as (

    select * from {{ ref('fct_learner_tool_checkpoints') }}

    where program_scope = 'all'

),

described as (

    select
        employee_key,
        tool_id,
        completion_date,
        baseline_status,
        checkpoint_day,
        is_eligible,
        is_adopted,
        {{ attributes_at('completion', 'platform') }}

    from unit_checkpoints

),

completed_units as (

    select
        employee_key,
        tool_id,
        completion_date,
        baseline_status,
        {{ semantic_attributes() | join(',\n        ') }},
        {{ var('default_adoption_target') }}e0 as adoption_target,
        {{ flags_at_checkpoints() }}

    from described

    group by
        employee_key,
        tool_id,
        completion_date,
        baseline_status,
        {{ semantic_attributes() | join(',\n        ') }}

)

select * from completed_units
