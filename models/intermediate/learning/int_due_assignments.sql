-- One row per assigned unit of a known employee whose completion window is over.
--
-- Attributes are those of the assignment day A, whoever the manager was later.

with

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and is_due

),

people as (

    select * from {{ ref('int_people_on_dates') }}

),

-- many units : one person on the assignment day.
due_assignments as (

    select
        units.program_id,
        units.employee_id,
        units.tool_id,
        units.assigned_date,
        units.due_date,
        units.completion_date,
        units.assignment_platform as platform,
        units.is_completed_in_window,
        people.role_group,
        people.track,
        people.audience,
        people.department,
        people.location,
        people.manager_employee_id,
        people.manager_key,
        people.manager_status,
        people.manager_group

    from units

    inner join people
        on units.employee_id = people.employee_id
        and units.assigned_date = people.on_date

)

select * from due_assignments
