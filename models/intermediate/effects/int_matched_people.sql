-- One row per tool and person of its panels: what people must have in common to be compared by the
-- matched reading, as of the first day of their month of entry.
--
-- From before any treatment: what comes later may be a consequence of it. Countries have no
-- history in HR: the newest counts.

with

people as (

    select * from {{ ref('int_effect_people') }}

),

employees as (

    select * from {{ ref('int_employees') }}

),

hire_dates as (

    select * from {{ ref('int_hire_dates') }}

),

-- many people : the one row of the person and of the hires. What is not known is a value of its
-- own.
with_hires as (

    select
        people.tool_id,
        people.employee_id,
        people.cluster_id,
        coalesce(people.role_group, 'unknown') as role_group,
        coalesce(employees.country, 'unknown') as country,
        hire_dates.first_hire_date = {{ always() }} as is_hire_unknown,
        {{ days_between(
            'people.entered_date',
            'case when hire_dates.hire_date <= people.entered_date then hire_dates.hire_date'
            ~ ' else hire_dates.first_hire_date end'
        ) }} as tenure_days

    from people

    inner join employees
        on people.employee_id = employees.employee_id

    inner join hire_dates
        on people.employee_id = hire_dates.employee_id

),

matched_people as (

    select
        tool_id,
        employee_id,
        cluster_id,
        role_group,
        country,
        case
            when is_hire_unknown then 'unknown'
            when tenure_days < 365 then 'under_1'
            when tenure_days < 1095 then '1-3'
            when tenure_days < 3650 then '3-10'
            else '10+'
        end as tenure_band

    from with_hires

)

select * from matched_people
