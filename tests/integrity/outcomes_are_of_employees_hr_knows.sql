-- Finds outcomes of which a tenth of the people, five or more, are in no file of HR.
-- When it matters: always; outcomes under another key than HR's (an old number, a payroll number)
-- are nobody's, and outcome_changes rests on those that are left.
-- How to fix: have the export use HR's employee id. Warns only: people may have left before HR's
-- first snapshot.
{{ config(severity='warn', meta={'joins': [{
    'name': 'people_with_outcomes_to_employees',
    'join': 'employees',
    'kind': 'equality',
    'keys': [['employee_id', 'employee_id']],
}]}) }}

with

people as (

    select distinct
        source_system,
        metric_id,
        subject_id as employee_id

    from {{ ref('outcomes') }}

    where subject_type = 'employee'

),

employees as (

    select employee_id from {{ ref('int_employees') }}

),

-- many people (by metric) : zero or one employee (none: counted).
per_metric as (

    select
        people.source_system,
        people.metric_id,
        cast(count(*) as bigint) as n_people,
        cast(count(*) - count(employees.employee_id) as bigint) as n_unknown

    from people

    left join employees
        on people.employee_id = employees.employee_id

    group by
        people.source_system,
        people.metric_id

),

unknown_people as (

    select * from per_metric

    where
        n_unknown >= 5
        and 10 * n_unknown >= n_people

)

select * from unknown_people
