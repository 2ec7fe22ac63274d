-- One row per employee with their attributes on as_of_date; a pseudonym, no name, mail or number.
--
-- Restricted, like every table at the person's grain. For figures about a past day use the
-- attributes that the fact tables carry, not these.

with

employees as (

    select * from {{ ref('int_employees') }}

),

employment_intervals as (

    select * from {{ ref('int_employment_intervals') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many employees : the one row of settings; many employees : zero or one deciding HR row on
-- as_of_date (none: attributes are NULL, is_employed is false).
current_employees as (

    select
        employees.employee_key,
        employees.country,
        employees.time_zone,
        employees.is_time_zone_reported,
        employees.is_contingent,
        employees.hire_date,
        coalesce(not employment_intervals.is_terminated, false) as is_employed,
        employment_intervals.role_group,
        employment_intervals.track,
        employment_intervals.audience,
        employment_intervals.department,
        employment_intervals.location,
        settings.as_of_date,
        settings.rules_hash

    from employees

    cross join settings

    left join employment_intervals
        on employees.employee_id = employment_intervals.employee_id
        and settings.as_of_date >= employment_intervals.valid_from
        and settings.as_of_date < employment_intervals.valid_to

)

select * from current_employees
