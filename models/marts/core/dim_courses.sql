-- One row per course of a learning platform; course_group_id is shared by its versions and
-- equivalents on any platform.

with

courses as (

    select * from {{ ref('courses') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many courses : one group, because every course links to itself.
described as (

    select
        courses.course_id,
        courses.source_system as platform,
        courses.source_course_id,
        course_groups.course_group_id,
        courses.version,
        courses.title,
        courses.provider,
        courses.kind,
        courses.delivery_format,
        courses.is_role_specific,
        courses.duration_minutes,
        courses.published_at,
        courses.last_updated_at,
        courses.parent_course_id

    from courses

    inner join course_groups
        on courses.course_id = course_groups.course_name

)

select * from described
