-- One row per employee and day for which HR must be asked: the index date and each checkpoint day
-- of every unit, the day of every assignment, and the day on which a wave they are in is judged.

with

units as (

    select * from {{ ref('int_units') }}

    where is_attributed

),

wave_people as (

    select * from {{ ref('int_wave_people') }}

),

needed as (

    select
        employee_id,
        completion_date as on_date

    from units

    {% for checkpoint_day in var('checkpoint_days') %}
    union all

    select
        employee_id,
        {{ add_days('completion_date', checkpoint_day) }} as on_date

    from units

    {% endfor %}
    union all

    select
        employee_id,
        assigned_date as on_date

    from units

    union all

    select
        employee_id,
        judged_on as on_date

    from wave_people

),

distinct_days as (

    select distinct
        employee_id,
        on_date

    from needed

    where on_date is not null

)

select * from distinct_days
