-- One row per course of the newest snapshot. course_id gets the source's name in front, because
-- another platform may use the same id.

with

delivered_rows as (

    select * from {{ ref('base_generic__courses') }}

),

renamed as (

    select
        'generic:' || course_id as course_id,
        coalesce(source_course_id, course_id) as source_course_id,
        version,
        title,
        provider,
        kind,
        delivery_format,
        is_role_specific,
        duration_minutes,
        published_at,
        last_updated_at,
        'generic:' || parent_course_id as parent_course_id,
        equivalent_to,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
