-- One row per learner, learning platform and course completed on it in the 365 days up to
-- as_of_date: a contract's cost is a year's.
--
-- is_learner_elsewhere: the learner completed something on another platform, too, in these days.
-- is_offered_elsewhere: the course was ever completed on another platform, too.

with

training_events as (

    select * from {{ ref('int_training_events') }}

    where training_event = 'satisfied'

),

settings as (

    select {{ add_days('as_of_date', -364) }} as first_date

    from {{ ref('int_report_settings') }}

),

offers as (

    select
        course_group_id,
        min(platform) as first_platform,
        max(platform) as last_platform

    from {{ ref('int_platform_courses') }}

    group by course_group_id

),

-- many events : zero or one settings row. Earlier completions are excluded.
completed as (

    select distinct
        training_events.learner_id,
        training_events.is_attributed,
        training_events.source_system as platform,
        training_events.course_group_id

    from training_events

    inner join settings
        on training_events.event_date >= settings.first_date

),

-- many completions : one course; a completed course is completed somewhere.
with_offers as (

    select
        completed.learner_id,
        completed.is_attributed,
        completed.platform,
        completed.course_group_id,
        offers.first_platform <> offers.last_platform as is_offered_elsewhere,
        min(completed.platform) over (partition by completed.learner_id)
        <> max(completed.platform) over (partition by completed.learner_id)
            as is_learner_elsewhere

    from completed

    inner join offers
        on completed.course_group_id = offers.course_group_id

)

select * from with_offers
