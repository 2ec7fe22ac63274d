-- One row per content that a report names; its urn says what it is (course, video, path).

with

elements as (

    select * from {{ ref('base_linkedin_learning__learning_activity_reports') }}

    where row_status = 'kept'

),

courses as (

    select
        'linkedin_learning:' || content_urn as course_id,
        content_urn as source_course_id,
        cast(null as string) as version,
        max(content_name) as title,
        max(provider) as provider,
        case
            when content_urn like '%LearningPath%' then 'path'
            else 'course'
        end as kind,
        cast(null as string) as delivery_format,
        cast(null as boolean) as is_role_specific,
        cast(null as double) as duration_minutes,
        cast(null as timestamp) as published_at,
        cast(null as timestamp) as last_updated_at,
        cast(null as string) as parent_course_id,
        cast(null as string) as equivalent_to,
        'linkedin_learning' as source_system,
        content_urn as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from elements

    group by content_urn

)

select * from courses
