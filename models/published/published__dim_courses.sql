-- dim_courses as BI may read it: nothing in it is about a person.

with

dim_courses as (

    select * from {{ ref('dim_courses') }}

),

published as (

    select
        course_id,
        platform,
        source_course_id,
        course_group_id,
        version,
        title,
        provider,
        kind,
        delivery_format,
        is_role_specific,
        duration_minutes,
        published_at,
        last_updated_at,
        parent_course_id

    from dim_courses

)

select * from published
