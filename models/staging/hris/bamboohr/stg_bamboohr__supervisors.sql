-- One row per person and report that lists the person as active: the manager on that day (a leaver
-- has none any more). supervisorEId is the manager's internal id, supervisorId the manager's
-- employee number. A manager given as a name only, or one that no report lists, is unknown: a name
-- is never turned into an id. So is everybody's in a report without a supervisor column.

with

copies as (

    select * from {{ ref('base_bamboohr__employees') }}

    where is_listed and not is_inactive

),

people as (

    select
        bamboohr_id,
        employee_id

    from {{ ref('stg_bamboohr__people') }}

),

-- many reports : zero or one manager by internal id; without one the number counts, else unknown
with_managers as (

    select
        copies.bamboohr_id,
        cast(copies.extracted_at as date) as listed_on,
        coalesce(people.employee_id, copies.supervisor_number) as manager_employee_id,
        copies.supervisor_bamboohr_id is not null
        or copies.supervisor_number is not null
        or copies.has_supervisor_name as names_supervisor,
        copies.extracted_at

    from copies

    left join people
        on copies.supervisor_bamboohr_id = people.bamboohr_id

),

with_columns_of_report as (

    select
        *,
        max(case when names_supervisor then 1 else 0 end) over (
            partition by extracted_at
        ) as has_supervisor_column

    from with_managers

),

supervisors as (

    select
        bamboohr_id,
        listed_on,
        case
            when manager_employee_id is not null then manager_employee_id
            when names_supervisor or has_supervisor_column = 0 then 'bamboohr:unknown_manager'
        end as manager_employee_id

    from with_columns_of_report

)

select * from supervisors
