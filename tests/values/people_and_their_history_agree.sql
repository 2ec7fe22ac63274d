-- Finds HR sources in which more than 5% of the people have no row of employment, or more than 5%
-- of those whose employment goes on are no person.
-- When it matters: always; a person without employment has no team, no role and no day of exit,
-- and a re-keyed or cut file takes that from many at once.
-- How to fix: have both files sent again from one moment; ids are often written differently
-- (leading zeros, a letter lost). Warns only: a source may keep one of the two for some people.
{{ config(severity='warn') }}

with

employees as (

    select * from {{ ref('employees') }}

),

employment_history as (

    select * from {{ ref('employment_history') }}

),

mentions as (

    select
        source_system,
        employee_id,
        1 as is_person,
        0 as has_history,
        0 as goes_on

    from employees

    union all

    select
        source_system,
        employee_id,
        0 as is_person,
        1 as has_history,
        case
            when valid_to is null and employment_status <> 'terminated' then 1
            else 0
        end as goes_on

    from employment_history

),

per_id as (

    select
        source_system,
        employee_id,
        max(is_person) as is_person,
        max(has_history) as has_history,
        max(goes_on) as goes_on

    from mentions

    group by source_system, employee_id

),

counted as (

    select
        source_system,
        sum(is_person) as n_people,
        sum(has_history) as n_with_history,
        sum(goes_on) as n_going_on,
        sum(is_person * (1 - has_history)) as n_people_without_history,
        sum((1 - is_person) * goes_on) as n_going_on_without_person

    from per_id

    group by source_system

),

broken as (

    select
        source_system,
        n_people_without_history,
        n_going_on_without_person

    from counted

    where
        n_people > 0
        and n_with_history > 0
        and (
            n_people_without_history > greatest(1, 0.05 * n_people)
            or n_going_on_without_person > greatest(1, 0.05 * n_going_on)
        )

)

select * from broken
