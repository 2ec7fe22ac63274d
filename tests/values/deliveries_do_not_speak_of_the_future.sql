-- Finds deliveries that say they hold days after the day they were received: more than one, since a
-- vendor's day may be ahead of UTC.
-- When it matters: always; days that have not come yet count as delivered, so that nobody's silence
-- on them is told from a feed that stopped.
-- How to fix: have date_to and max_complete_date of the report corrected. Warns only: no later day
-- than as_of_date is judged.
{{ config(severity='warn') }}

with

deliveries as (

    select * from {{ ref('deliveries') }}

),

broken as (

    select
        source_system,
        feed,
        tool_id,
        received_at,
        date_to,
        max_complete_date

    from deliveries

    where
        received_at is not null
        and least(date_to, coalesce(max_complete_date, date_to))
        > {{ add_days('cast(received_at as date)', 1) }}

)

select * from broken
