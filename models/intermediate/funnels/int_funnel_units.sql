-- One row per due assignment: which stages of the funnel the unit passed.
--
-- Attributes are those of the assignment day at every stage, so that a unit stays in one row. Who
-- completed and cannot be judged at the last checkpoint is neither passed nor lost.

with

due_assignments as (

    select * from {{ ref('int_due_assignments') }}

),

checkpoints as (

    select * from {{ ref('int_checkpoints') }}

    where checkpoint_day = {{ var('checkpoint_days') | max }}

),

-- many assignments : zero or one last checkpoint (none: not completed).
judged as (

    select
        due_assignments.program_id,
        due_assignments.employee_id,
        due_assignments.tool_id,
        due_assignments.assigned_date,
        due_assignments.platform,
        due_assignments.role_group,
        due_assignments.track,
        due_assignments.audience,
        due_assignments.department,
        due_assignments.location,
        due_assignments.manager_group,
        due_assignments.is_completed_in_window as is_completed,
        case when due_assignments.is_completed_in_window then checkpoints.status end as status,
        coalesce(checkpoints.is_tried, false) as is_tried,
        coalesce(checkpoints.is_adopted, false) as is_adopted,
        coalesce(checkpoints.is_habitual, false) as is_habitual

    from due_assignments

    left join checkpoints
        on due_assignments.employee_id = checkpoints.employee_id
        and due_assignments.tool_id = checkpoints.tool_id
        and due_assignments.completion_date = checkpoints.completion_date

),

-- A flag of use is set for eligible units only, which are the licensed ones.
funnel_units as (

    select
        program_id,
        employee_id,
        tool_id,
        assigned_date,
        platform,
        role_group,
        track,
        audience,
        department,
        location,
        manager_group,
        is_completed,
        coalesce(status = 'eligible', false) as is_licensed,
        coalesce(status = 'no_licence', false) as is_without_licence,
        coalesce(status not in ('eligible', 'no_licence'), false) as is_not_judged,
        coalesce(status = 'eligible', false) and is_tried as is_tried,
        coalesce(status = 'eligible', false) and is_tried and is_adopted as is_weekly_active,
        coalesce(status = 'eligible', false) and is_tried and is_adopted and is_habitual
            as is_habitual

    from judged

)

select * from funnel_units
