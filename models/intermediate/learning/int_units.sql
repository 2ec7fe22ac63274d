-- One row per unit: program, learner and tool with an assignment, a completion or both.
--
-- program_id `all` is the learner-tool unit. is_due: the completion window is over by as_of_date,
-- so the unit counts in the completion rate. Learners nobody can be named for are kept with
-- is_attributed false.

with

completions as (

    select * from {{ ref('int_unit_completions') }}

),

assignments as (

    select * from {{ ref('int_unit_assignments') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

stacked as (

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        completion_date,
        platform as completion_platform,
        cast(null as date) as assigned_date,
        cast(null as date) as due_date,
        cast(null as string) as assignment_platform

    from completions

    union all

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        cast(null as date) as completion_date,
        cast(null as string) as completion_platform,
        assigned_date,
        due_date,
        platform as assignment_platform

    from assignments

),

merged as (

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        max(completion_date) as completion_date,
        max(completion_platform) as completion_platform,
        max(assigned_date) as assigned_date,
        max(due_date) as due_date,
        max(assignment_platform) as assignment_platform

    from stacked

    group by
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id

),

-- many units : the one row of settings.
units as (

    select
        merged.program_id,
        merged.learner_id,
        merged.employee_id,
        merged.is_attributed,
        merged.tool_id,
        merged.completion_date,
        merged.completion_platform,
        merged.assigned_date,
        merged.due_date,
        merged.assignment_platform,
        coalesce(merged.due_date <= settings.as_of_date, false) as is_due,
        coalesce(
            merged.due_date <= settings.as_of_date and merged.completion_date <= merged.due_date,
            false
        ) as is_completed_in_window,
        merged.completion_date is not null and merged.assigned_date is null as is_self_enrolled

    from merged

    cross join settings

)

select * from units
