-- One row per tool and manager: the first day on which somebody whom HR named as their report
-- completed training for the tool.

with

units as (

    select * from {{ ref('int_units') }}

    where
        program_id = 'all'
        and is_attributed
        and completion_date is not null

),

on_dates as (

    select * from {{ ref('int_employment_on_dates') }}

    where manager_employee_id is not null

),

-- one unit : zero or one HR row of its index date that names a manager. Units without one expose
-- nobody.
exposures as (

    select
        units.tool_id,
        on_dates.manager_employee_id,
        min(units.completion_date) as exposed_date

    from units

    inner join on_dates
        on units.employee_id = on_dates.employee_id
        and units.completion_date = on_dates.on_date

    group by
        units.tool_id,
        on_dates.manager_employee_id

)

select * from exposures
