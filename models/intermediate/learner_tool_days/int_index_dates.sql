-- One row per employee, tool and index date of any unit.
--
-- Program units of one person mostly share their index date, so use is counted once per date here
-- and handed to every unit with that date.

with

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and completion_date is not null

),

index_dates as (

    select distinct
        employee_id,
        tool_id,
        completion_date

    from units

)

select * from index_dates
