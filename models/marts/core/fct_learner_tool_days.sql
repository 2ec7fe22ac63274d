-- One row per employee, tool and day on which an intentional action was observed.
--
-- day_number counts from the index date of the learner-tool unit, NULL for people who never
-- completed training for the tool. Days without a row are inactive or unknown, never both.

with

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and program_id = 'all'

),

employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many days : one employee; many days : zero or one learner-tool unit (none: never trained nor
-- assigned); the one row of settings.
learner_tool_days as (

    select
        employees.employee_key,
        usage_days.tool_id,
        usage_days.usage_date,
        {{ days_between('usage_days.usage_date', 'units.completion_date') }} as day_number,
        usage_days.interactions,
        usage_days.n_surfaces,
        settings.as_of_date,
        settings.rules_hash

    from usage_days

    inner join employees
        on usage_days.employee_id = employees.employee_id

    left join units
        on usage_days.employee_id = units.employee_id
        and usage_days.tool_id = units.tool_id

    cross join settings

)

select * from learner_tool_days
