-- One row per learning object that the object list or a transcript names, also as an equivalent.
--
-- Completions "by equivalent" tell which objects are the same course: equivalent_to is the smallest
-- of them.

with

objects as (

    select * from {{ ref('base_cornerstone__training_core') }}

    where row_status = 'kept'

),

transcript_objects as (

    select * from {{ ref('stg_cornerstone__transcript_objects') }}

),

mentions as (

    select
        object_id,
        title,
        lo_type,
        provider,
        version,
        hours,
        created_at,
        modified_at,
        cast(null as string) as same_as_object_id,
        source_file,
        extracted_at

    from objects

    union all

    select
        object_id,
        cast(null as string) as title,
        cast(null as string) as lo_type,
        cast(null as string) as provider,
        cast(null as string) as version,
        cast(null as double) as hours,
        cast(null as timestamp) as created_at,
        cast(null as timestamp) as modified_at,
        same_as_object_id,
        source_file,
        extracted_at

    from transcript_objects

),

courses as (

    select
        'cornerstone:' || object_id as course_id,
        object_id as source_course_id,
        max(version) as version,
        max(title) as title,
        max(provider) as provider,
        case
            when max(lower(lo_type)) like '%curricul%' then 'path'
            when max(lower(lo_type)) like '%test%' then 'assessment'
            else 'course'
        end as kind,
        max(lo_type) as delivery_format,
        cast(null as boolean) as is_role_specific,
        max(hours) * 60 as duration_minutes,
        max(created_at) as published_at,
        max(modified_at) as last_updated_at,
        cast(null as string) as parent_course_id,
        max(case when same_as_object_id <> object_id then same_as_object_id end) as equivalent_to,
        'cornerstone' as source_system,
        object_id as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from mentions

    group by object_id

)

select * from courses
