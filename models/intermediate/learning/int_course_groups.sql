-- One row per course name (`source_system:id`) with the group of names that are the same course.
--
-- The closure is symmetric and transitive. It spreads the smallest name alternately over names and
-- links by window functions, `equivalence_rounds` times: no recursion, which Spark 3.5 lacks.
-- is_settled is false where a chain is longer than that; a test stops the build then.

with

links as (

    select
        from_name || ' = ' || to_name as link,
        from_name,
        to_name

    from {{ ref('int_course_links') }}

),

labels_0 as (

    select
        link,
        from_name as course_name,
        from_name as label

    from links

    union all

    select
        link,
        to_name as course_name,
        to_name as label

    from links

),

{% for round in range(1, var('equivalence_rounds') + 1) %}
names_{{ round }} as (

    select
        link,
        course_name,
        min(label) over (partition by course_name) as label

    from labels_{{ round - 1 }}

),

labels_{{ round }} as (

    select
        link,
        course_name,
        min(label) over (partition by link) as label

    from names_{{ round }}

),

{% endfor %}
groups as (

    select
        course_name,
        min(label) as course_group_id,
        min(label) = max(label) as is_settled

    from labels_{{ var('equivalence_rounds') }}

    group by course_name

)

select * from groups
