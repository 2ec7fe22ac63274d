-- One row per completed unit of a known employee (program, employee, tool) and N.
--
-- Attributes and manager are those of the index date; the manager at day N stands beside them.
-- program_id `all` is the learner-tool unit.

with

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and completion_date is not null

),

checkpoints as (

    select * from {{ ref('int_checkpoints') }}

),

people as (

    select * from {{ ref('int_people_on_dates') }}

),

-- one unit : many checkpoints, one per N, shared by all units with the index date; many units :
-- one person on the index date and one on the checkpoint date.
unit_checkpoints as (

    select
        units.program_id,
        units.employee_id,
        units.tool_id,
        units.completion_date,
        units.completion_platform as platform,
        units.is_self_enrolled,
        checkpoints.checkpoint_day,
        checkpoints.checkpoint_date,
        checkpoints.status,
        checkpoints.is_eligible,
        checkpoints.is_weekly_grain,
        checkpoints.is_adopted,
        checkpoints.is_tried,
        checkpoints.is_habitual,
        checkpoints.is_daily,
        checkpoints.active_days_last_7,
        checkpoints.active_days_since_completion,
        checkpoints.interactions_last_7,
        checkpoints.interactions_since_completion,
        checkpoints.n_uncovered_days,
        checkpoints.baseline_status,
        checkpoints.baseline_active_days,
        checkpoints.n_known_days,
        checkpoints.n_baseline_known_days,
        at_completion.role_group,
        at_completion.track,
        at_completion.audience,
        at_completion.department,
        at_completion.location,
        at_completion.manager_employee_id,
        at_completion.manager_key,
        at_completion.manager_status,
        at_completion.manager_group,
        at_completion.is_manager_replaced,
        at_checkpoint.manager_key as manager_key_at_checkpoint,
        at_checkpoint.manager_status as manager_status_at_checkpoint,
        at_completion.manager_group <> at_checkpoint.manager_group as is_manager_changed

    from units

    inner join checkpoints
        on units.employee_id = checkpoints.employee_id
        and units.tool_id = checkpoints.tool_id
        and units.completion_date = checkpoints.completion_date

    inner join people as at_completion
        on units.employee_id = at_completion.employee_id
        and units.completion_date = at_completion.on_date

    inner join people as at_checkpoint
        on checkpoints.employee_id = at_checkpoint.employee_id
        and checkpoints.checkpoint_date = at_checkpoint.on_date

)

select * from unit_checkpoints
