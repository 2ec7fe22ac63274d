-- One row per employee and day that a figure depends on: attributes, employment and manager.
--
-- NULL attributes mean that no HR row covers the day, or that the row leaves them empty; grouped
-- tables print both as `unknown`. manager_group is the pseudonym, `no_manager` or `unknown`.

with

on_dates as (

    select * from {{ ref('int_employment_on_dates') }}

),

managers as (

    select * from {{ ref('int_managers_on_dates') }}

),

manager_employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

-- one day : one manager decision; many decisions : zero or one employee (none: no_manager or
-- unknown).
people_on_dates as (

    select
        on_dates.employee_id,
        on_dates.on_date,
        on_dates.has_hr_row,
        on_dates.is_employed,
        on_dates.role_group,
        on_dates.track,
        on_dates.audience,
        on_dates.department,
        on_dates.location,
        managers.manager_employee_id,
        manager_employees.employee_key as manager_key,
        managers.manager_status,
        managers.is_manager_replaced,
        coalesce(manager_employees.employee_key, managers.manager_status) as manager_group

    from on_dates

    inner join managers
        on on_dates.employee_id = managers.employee_id
        and on_dates.on_date = managers.on_date

    left join manager_employees
        on managers.manager_employee_id = manager_employees.employee_id

)

select * from people_on_dates
