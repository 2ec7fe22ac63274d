-- One row per employee and day that a figure depends on: index, assignment and checkpoint days.
--
-- Attributes and employment come from the one HR row that decides that day; without a covering
-- row has_hr_row is false and every attribute is NULL.

with

employee_dates as (

    select * from {{ ref('int_employee_dates') }}

),

employment_intervals as (

    select * from {{ ref('int_employment_intervals') }}

),

-- many days : zero or one deciding HR row. Days without one stay, with NULLs.
on_dates as (

    select
        employee_dates.employee_id,
        employee_dates.on_date,
        employment_intervals.employee_id is not null as has_hr_row,
        coalesce(not employment_intervals.is_terminated, false) as is_employed,
        employment_intervals.manager_employee_id,
        employment_intervals.role_group,
        employment_intervals.track,
        employment_intervals.audience,
        employment_intervals.department,
        employment_intervals.location

    from employee_dates

    left join employment_intervals
        on employee_dates.employee_id = employment_intervals.employee_id
        and employee_dates.on_date >= employment_intervals.valid_from
        and employee_dates.on_date < employment_intervals.valid_to

)

select * from on_dates
