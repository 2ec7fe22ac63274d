-- One row per employee: the latest hire date, and the first day from which there may have been use.
--
-- first_hire_date is the original hire date, else the hire date, else the first day on which the HR
-- history has the person employed; `always` where none of these is known.

with

employees as (

    select * from {{ ref('int_employees') }}

),

first_days as (

    select
        employee_id,
        min(valid_from) as first_employed_date

    from {{ ref('int_employment_intervals') }}

    where not is_terminated

    group by employee_id

),

-- one employee : zero or one first day (none: the history never has them employed).
hire_dates as (

    select
        employees.employee_id,
        employees.hire_date,
        coalesce(
            employees.original_hire_date,
            employees.hire_date,
            first_days.first_employed_date,
            {{ always() }}
        ) as first_hire_date

    from employees

    left join first_days
        on employees.employee_id = first_days.employee_id

)

select * from hire_dates
