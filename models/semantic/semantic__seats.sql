-- One row per employee and tool with a seat on the tool's seat_date: what the seats cost a month,
-- and whether their holder had adopted at the last checkpoint.
--
-- Attributes are those of as_of_date. Seats that nobody HR knows holds are not here: licence_value
-- has them as `unattributed`.

with

people as (

    select * from {{ ref('int_licence_people') }}

    where n_seats > 0

),

employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

windows as (

    select * from {{ ref('int_licence_windows') }}

),

-- many holders : one employee; one tool.
seats as (

    select
        employees.employee_key,
        people.tool_id,
        windows.seat_date,
        people.n_seats,
        people.n_seats_without_cost,
        people.monthly_cost,
        coalesce(people.is_adopted, false) as is_adopted,
        coalesce(not people.is_judged, false) as is_not_judged,
        coalesce(people.track, 'unknown') as track,
        coalesce(people.audience, 'unknown') as audience,
        coalesce(people.role_group, 'unknown') as role_group,
        coalesce(people.department, 'unknown') as department,
        coalesce(people.location, 'unknown') as location,
        people.manager_group

    from people

    inner join employees
        on people.employee_id = employees.employee_id

    inner join windows
        on people.tool_id = windows.tool_id

)

select * from seats
