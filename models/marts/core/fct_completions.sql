-- One row per employee, tool and program with an assignment, a completion or both.
--
-- program_id is NULL for the learner-tool unit; program_scope says `all` there. Learners nobody can
-- be named for are not here: adoption_rates counts them as `unattributed`.

with

units as (

    select * from {{ ref('int_units') }}

    where is_attributed

),

people as (

    select * from {{ ref('int_people_on_dates') }}

),

employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

baselines as (

    select * from {{ ref('int_baselines') }}

),

integrity as (

    select * from {{ ref('int_completion_integrity') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many units : one employee; many units : zero or one person on the completion and on the
-- assignment day (none: not completed, not assigned); many units : zero or one baseline and
-- one row of signals (none: not completed); the one row of settings.
completions as (

    select
        employees.employee_key,
        units.tool_id,
        case when units.program_id <> 'all' then units.program_id end as program_id,
        units.program_id as program_scope,
        units.assigned_date,
        units.due_date,
        units.completion_date,
        units.assigned_date is not null as is_assigned,
        units.is_due,
        units.completion_date is not null as is_completed,
        units.is_completed_in_window,
        units.is_self_enrolled,
        units.completion_platform,
        units.assignment_platform,
        baselines.baseline_status,
        integrity.is_implausibly_short,
        integrity.is_in_perfect_score_burst,
        integrity.has_identical_answer,
        integrity.is_in_deadline_spike,
        integrity.is_suspicious,
        at_completion.role_group as role_group_at_completion,
        at_completion.track as track_at_completion,
        at_completion.audience as audience_at_completion,
        at_completion.department as department_at_completion,
        at_completion.location as location_at_completion,
        at_completion.manager_key as manager_key_at_completion,
        at_completion.manager_status as manager_status_at_completion,
        at_assignment.role_group as role_group_at_assignment,
        at_assignment.track as track_at_assignment,
        at_assignment.audience as audience_at_assignment,
        at_assignment.department as department_at_assignment,
        at_assignment.location as location_at_assignment,
        at_assignment.manager_key as manager_key_at_assignment,
        at_assignment.manager_status as manager_status_at_assignment,
        settings.as_of_date,
        settings.rules_hash

    from units

    inner join employees
        on units.employee_id = employees.employee_id

    left join people as at_completion
        on units.employee_id = at_completion.employee_id
        and units.completion_date = at_completion.on_date

    left join people as at_assignment
        on units.employee_id = at_assignment.employee_id
        and units.assigned_date = at_assignment.on_date

    left join baselines
        on units.employee_id = baselines.employee_id
        and units.tool_id = baselines.tool_id
        and units.completion_date = baselines.completion_date

    left join integrity
        on units.program_id = integrity.program_id
        and units.employee_id = integrity.employee_id
        and units.tool_id = integrity.tool_id

    cross join settings

)

select * from completions
