-- Finds HR sources in which more than 5% of the rows that name a manager name one who is no
-- employee of any source.
-- When it matters: always; their reports fall to the cohort `unknown`, and no manager is told of.
-- How to fix: have the ids of managers written as those of employees. Warns only: managers of a
-- company that was bought may come from a source that is not read.
{{ config(severity='warn') }}

with

employees as (

    select * from {{ ref('employees') }}

),

employment_history as (

    select * from {{ ref('employment_history') }}

    where manager_employee_id is not null

),

mentions as (

    select
        employee_id,
        cast(null as {{ dbt.type_string() }}) as source_system,
        0 as n_reports,
        1 as is_person

    from employees

    union all

    select
        manager_employee_id as employee_id,
        source_system,
        1 as n_reports,
        0 as is_person

    from employment_history

),

with_people as (

    select
        source_system,
        n_reports,
        max(is_person) over (partition by employee_id) as is_known,
        max(is_person) over () as has_people

    from mentions

),

broken as (

    select
        source_system,
        sum(n_reports) as n_rows,
        sum(n_reports * (1 - is_known)) as n_rows_of_unknown_managers

    from with_people

    where
        has_people = 1
        and source_system is not null

    group by source_system

    having sum(n_reports * (1 - is_known)) > greatest(1, 0.05 * sum(n_reports))

)

select * from broken
