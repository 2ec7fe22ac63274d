-- One row per person and start of a job, with the manager that the newest report of that period
-- names. Job info names managers by name only: where its row names one and no report says who it
-- is, the manager is unknown.

with

job_periods as (

    select
        bamboohr_id,
        valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        names_manager

    from {{ ref('stg_bamboohr__job_periods') }}

),

supervisors as (

    select * from {{ ref('stg_bamboohr__supervisors') }}

),

-- one job period : the reports of its days; without any it keeps one row
seen as (

    select
        job_periods.bamboohr_id,
        job_periods.valid_from,
        job_periods.names_manager,
        supervisors.listed_on,
        supervisors.manager_employee_id

    from job_periods

    left join supervisors
        on job_periods.bamboohr_id = supervisors.bamboohr_id
        and job_periods.valid_from <= supervisors.listed_on
        and job_periods.valid_to > supervisors.listed_on

),

ranked as (

    select
        *,
        row_number() over (
            partition by bamboohr_id, valid_from
            order by listed_on desc nulls last
        ) as recency

    from seen

),

job_managers as (

    select
        bamboohr_id,
        valid_from,
        coalesce(
            manager_employee_id,
            case when names_manager then 'bamboohr:unknown_manager' end
        ) as manager_employee_id

    from ranked

    where recency = 1

)

select * from job_managers
