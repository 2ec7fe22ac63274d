-- Finds time zones of people that are no IANA names.
-- When it matters: always; their days are then those of the default zone, so that a completion late
-- in the evening counts for another day.
-- How to fix: have HR write names such as Europe/Berlin. Warns only, because the default is used.
{{ config(severity='warn') }}

with

employees as (

    select * from {{ ref('employees') }}

),

broken as (

    select
        source_system,
        timezone,
        count(*) as n_employees

    from employees

    where
        timezone is not null
        and not coalesce({{ is_time_zone('timezone') }}, false)

    group by source_system, timezone

)

select * from broken
