-- One row per link between two course names that mean the same course, each name written
-- `source_system:id`.
--
-- Links: a course to itself, to the id it keeps over its versions, and to its equivalent. The
-- equivalent is a course of the same source if one is listed under that id, else it already is
-- written `source_system:course_id`.

with

courses as (

    select * from {{ ref('courses') }}

),

listed_names as (

    select course_id as course_name

    from courses

    union

    select source_system || ':' || source_course_id as course_name

    from courses

    where source_course_id is not null

),

-- many courses : zero or one listed name. Without one, a text with a colon is a
-- full name, and any other a course of the source that its catalogue no longer lists.
equivalents as (

    select
        courses.course_id as from_name,
        coalesce(
            listed_names.course_name,
            case
                when courses.equivalent_to like '%:%' then courses.equivalent_to
                else courses.source_system || ':' || courses.equivalent_to
            end
        ) as to_name

    from courses

    left join listed_names
        on courses.source_system || ':' || courses.equivalent_to = listed_names.course_name

    where courses.equivalent_to is not null

),

links as (

    select
        course_id as from_name,
        course_id as to_name

    from courses

    union

    select
        course_id as from_name,
        source_system || ':' || source_course_id as to_name

    from courses

    where source_course_id is not null

    union

    select
        from_name,
        to_name

    from equivalents

)

select * from links
