-- One row per employee that any HR relation knows, with the pseudonym and a usable time zone.
--
-- A person may be in `employees` only or in `employment_history` only; either proves them.
-- A zone the engines do not know would stop the build, so it falls back to the default zone.

with

employees as (

    select * from {{ ref('employees') }}

),

employment_history as (

    select * from {{ ref('employment_history') }}

),

mentions as (

    select
        employee_id,
        timezone,
        hire_date,
        original_hire_date,
        termination_date,
        country,
        is_contingent

    from employees

    union all

    select
        employee_id,
        cast(null as string) as timezone,
        cast(null as date) as hire_date,
        cast(null as date) as original_hire_date,
        cast(null as date) as termination_date,
        cast(null as string) as country,
        cast(null as boolean) as is_contingent

    from employment_history

),

people as (

    select
        employee_id,
        max(timezone) as reported_time_zone,
        max(hire_date) as hire_date,
        max(original_hire_date) as original_hire_date,
        max(termination_date) as termination_date,
        max(country) as country,
        bool_or(is_contingent) as is_contingent

    from mentions

    where employee_id is not null

    group by employee_id

),

keyed as (

    select
        employee_id,
        {{ pseudonym('employee_id') }} as employee_key,
        case
            when {{ is_time_zone('reported_time_zone') }} then reported_time_zone
            else '{{ var("default_timezone") }}'
        end as time_zone,
        coalesce({{ is_time_zone('reported_time_zone') }}, false) as is_time_zone_reported,
        hire_date,
        original_hire_date,
        termination_date,
        country,
        is_contingent

    from people

)

select * from keyed
