-- Finds people whom HR names as their own manager, or as the manager of their own manager on the
-- same days.
-- When it matters: always; teams, manager cohorts and the figures by manager follow these lines.
-- How to fix: have HR correct the two rows. Warns only: every other figure stands.
{{ config(severity='warn') }}

with

employment_intervals as (

    select * from {{ ref('int_employment_intervals') }}

    where
        manager_employee_id is not null
        and not is_terminated

),

lines_of_pairs as (

    select
        least(employee_id, manager_employee_id) as one_employee_id,
        greatest(employee_id, manager_employee_id) as other_employee_id,
        employee_id,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to

    from employment_intervals

    group by
        least(employee_id, manager_employee_id),
        greatest(employee_id, manager_employee_id),
        employee_id

),

broken as (

    select
        one_employee_id,
        other_employee_id,
        max(valid_from) as valid_from,
        min(valid_to) as valid_to

    from lines_of_pairs

    group by one_employee_id, other_employee_id

    having
        (count(*) = 2 or one_employee_id = other_employee_id)
        and max(valid_from) < min(valid_to)

)

select * from broken
