-- One row per employee who completed training in any measured tool: the first day of it.

with

units as (

    select * from {{ ref('int_units') }}

    where
        program_id = 'all'
        and is_attributed
        and completion_date is not null

),

trained_people as (

    select
        employee_id,
        min(completion_date) as completion_date

    from units

    group by employee_id

)

select * from trained_people
