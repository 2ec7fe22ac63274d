-- Finds deliveries of learning in which half of the courses people were enrolled in and completed,
-- ten or more, were completed on a day before they were enrolled in.
-- When it matters: always; dates of start and end that are swapped move every completion, and with
-- it the day on which use is judged.
-- How to fix: have the export corrected. Warns only: a platform may enrol people afterwards.
{{ config(severity='warn') }}

with

learning_events as (

    select * from {{ ref('learning_events') }}

    where not coalesce(is_voided, false)

),

per_course as (

    select
        source_system,
        alias_type,
        alias_value,
        course_id,
        min(case when event_type in ('completed', 'passed') then occurred_at end) as completed_at,
        max(case when event_type in ('completed', 'passed') then source_file end) as source_file,
        min(case when event_type = 'enrolled' then occurred_at end) as enrolled_at

    from learning_events

    group by
        source_system,
        alias_type,
        alias_value,
        course_id

),

compared as (

    select
        source_system,
        source_file,
        case when cast(completed_at as date) < cast(enrolled_at as date) then 1 else 0 end
            as is_before

    from per_course

    where
        completed_at is not null
        and enrolled_at is not null

),

broken as (

    select
        source_system,
        source_file,
        count(*) as n_completed,
        sum(is_before) as n_completed_before

    from compared

    group by source_system, source_file

    having
        count(*) >= 10
        and sum(is_before) >= 0.5 * count(*)

)

select * from broken
