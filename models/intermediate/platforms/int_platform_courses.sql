-- One row per learning platform and course (all names of it) that somebody completed on it up to
-- as_of_date: on how many platforms the course was completed.
--
-- Most platforms deliver no catalogue, only activity: a course counts where it was completed, so
-- that platforms compare alike and another home of a course is one that works.

with

training_events as (

    select * from {{ ref('int_training_events') }}

    where training_event = 'satisfied'

),

taught as (

    select distinct
        source_system as platform,
        course_group_id

    from training_events

),

platform_courses as (

    select
        platform,
        course_group_id,
        cast(count(*) over (partition by course_group_id) as integer) as n_platforms

    from taught

)

select * from platform_courses
