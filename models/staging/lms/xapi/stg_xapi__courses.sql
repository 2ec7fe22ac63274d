-- One row per course that a statement is about; its name is known where a statement was about the
-- course itself.

with

statements as (

    select * from {{ ref('stg_xapi__course_statements') }}

),

named as (

    select
        source_course_id,
        case
            when object_id = source_course_id
                -- The first language of the name: {"en-US": "…"}.
                then {{ regex_get(
                    json_get('statement_text', '$.object.definition.name'), ':[ ]*"([^"]*)"', 1
                ) }}
        end as title,
        source_file,
        extracted_at

    from statements

),

courses as (

    select
        'xapi:' || source_course_id as course_id,
        source_course_id,
        cast(null as string) as version,
        max(title) as title,
        cast(null as string) as provider,
        'course' as kind,
        cast(null as string) as delivery_format,
        cast(null as boolean) as is_role_specific,
        cast(null as double) as duration_minutes,
        cast(null as timestamp) as published_at,
        cast(null as timestamp) as last_updated_at,
        cast(null as string) as parent_course_id,
        cast(null as string) as equivalent_to,
        'xapi' as source_system,
        source_course_id as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from named

    group by source_course_id

)

select * from courses
