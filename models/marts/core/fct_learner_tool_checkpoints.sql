-- One row per employee, tool, program and N: the status of the checkpoint and, where it is
-- eligible, what was observed. program_id is NULL for the learner-tool unit; program_scope says
-- `all` there.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many checkpoints : one employee; the one row of settings.
checkpoints as (

    select
        employees.employee_key,
        unit_checkpoints.tool_id,
        case when unit_checkpoints.program_id <> 'all' then unit_checkpoints.program_id end
            as program_id,
        unit_checkpoints.program_id as program_scope,
        unit_checkpoints.completion_date,
        unit_checkpoints.checkpoint_day,
        unit_checkpoints.checkpoint_date,
        unit_checkpoints.status,
        unit_checkpoints.is_eligible,
        unit_checkpoints.is_adopted,
        unit_checkpoints.is_tried,
        unit_checkpoints.is_habitual,
        unit_checkpoints.is_daily,
        unit_checkpoints.active_days_last_7,
        unit_checkpoints.active_days_since_completion,
        unit_checkpoints.interactions_last_7,
        unit_checkpoints.interactions_since_completion,
        unit_checkpoints.n_uncovered_days,
        unit_checkpoints.is_weekly_grain,
        unit_checkpoints.baseline_status,
        unit_checkpoints.baseline_active_days,
        unit_checkpoints.platform,
        unit_checkpoints.manager_key as manager_key_at_completion,
        unit_checkpoints.manager_status as manager_status_at_completion,
        unit_checkpoints.manager_key_at_checkpoint,
        unit_checkpoints.manager_status_at_checkpoint,
        unit_checkpoints.is_manager_replaced,
        unit_checkpoints.is_manager_changed,
        unit_checkpoints.role_group as role_group_at_completion,
        unit_checkpoints.track as track_at_completion,
        unit_checkpoints.audience as audience_at_completion,
        unit_checkpoints.department as department_at_completion,
        unit_checkpoints.location as location_at_completion,
        settings.as_of_date,
        settings.rules_hash

    from unit_checkpoints

    inner join employees
        on unit_checkpoints.employee_id = employees.employee_id

    cross join settings

)

select * from checkpoints
