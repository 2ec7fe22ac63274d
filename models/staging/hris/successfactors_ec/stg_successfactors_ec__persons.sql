-- One row per person (personIdExternal) with the user of the employment that started last: mail
-- addresses are kept per person, jobs per user. Without employmentNav the two ids are the same.

with

job_rows as (

    select * from {{ ref('base_successfactors_ec__emp_job') }}

    where row_status = 'kept'

),

ranked as (

    select
        person_id,
        user_id,
        row_number() over (
            partition by person_id
            order by coalesce(hire_date, start_date) desc, start_date desc, user_id asc
        ) as recency

    from job_rows

),

persons as (

    select
        person_id,
        user_id as employee_id

    from ranked

    where recency = 1

)

select * from persons
