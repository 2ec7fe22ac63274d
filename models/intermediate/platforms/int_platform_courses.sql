-- One row per learning platform and course (all names of it) in its catalogue: on how many
-- platforms the course is.
--
-- Sources that are no platform, such as lists of assignments, do not count as another one.

with

courses as (

    select distinct
        source_system,
        course_id

    from {{ ref('courses') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

platforms as (

    select * from {{ ref('int_platforms') }}

),

-- many courses : one group, because every listed course is in one; zero or one platform. Courses of
-- other sources are excluded.
offered as (

    select distinct
        platforms.platform,
        course_groups.course_group_id

    from courses

    inner join course_groups
        on courses.course_id = course_groups.course_name

    inner join platforms
        on courses.source_system = platforms.platform

),

platform_courses as (

    select
        platform,
        course_group_id,
        cast(count(*) over (partition by course_group_id) as integer) as n_platforms

    from offered

)

select * from platform_courses
