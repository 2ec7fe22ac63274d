-- Finds people a wave names by an id that no file of HR has.
-- When it matters: always; they are in no wave, and its readiness is that of the others.
-- How to fix: correct program_wave_members.csv; after a change of ids in HR write the new ones.
{{ config(severity='warn', meta={'joins': [{
    'name': 'named_members_to_employees',
    'join': 'employees',
    'kind': 'equality',
    'keys': [['member_value', 'employee_id']],
}]}) }}

with

members as (

    select * from {{ ref('stg_reference__program_wave_members') }}

    where member_kind = 'employee_id'

),

employees as (

    select employee_id from {{ ref('int_employees') }}

),

-- many members : zero or one employee (none: found here).
with_employees as (

    select
        members.program_id,
        members.wave_id,
        members.member_value,
        employees.employee_id

    from members

    left join employees
        on members.member_value = employees.employee_id

),

nobody as (

    select
        program_id,
        wave_id,
        member_value

    from with_employees

    where employee_id is null

)

select * from nobody
