-- One row per course name (`source_system:id`) with the group of names that are the same course.
--
-- The closure is symmetric and transitive. The smallest name is spread along the links
-- `equivalence_rounds` times. is_settled is false where a chain is longer than that; a test stops
-- the build then.

with

links as (

    select
        from_name || ' = ' || to_name as link,
        from_name,
        to_name

    from {{ ref('int_course_links') }}

),

{{ smallest_of_chain(var('equivalence_rounds')) }},

groups as (

    select
        course_name,
        min(label) as course_group_id,
        min(label) = max(label) as is_settled

    from labels_{{ var('equivalence_rounds') }}

    group by course_name

)

select * from groups
