-- One row per kept statement with the course it is about.
--
-- A course is its own; a lesson (cmi5's assignable unit) belongs to the course in grouping, else in
-- parent; anything else (video, question, file) to the course in parent, else in grouping. Only
-- courses and lessons can be completed: a completed video is progress.

with

statements as (

    select * from {{ ref('stg_xapi__statements') }}

    where row_status = 'kept'

),

with_context as (

    select
        *,
        coalesce(
            {{ clean_text(
                json_get('statement_text', '$.context.contextActivities.grouping[0].id')
            ) }},
            {{ clean_text(json_get('statement_text', '$.context.contextActivities.grouping.id')) }}
        ) as grouping_id,
        coalesce(
            {{ clean_text(json_get('statement_text', '$.context.contextActivities.parent[0].id')) }},
            {{ clean_text(json_get('statement_text', '$.context.contextActivities.parent.id')) }}
        ) as parent_id,
        lower({{ regex_get("coalesce(activity_type, '')", '([a-zA-Z-]+)$', 1) }}) as kind

    from statements

),

with_course as (

    select
        statement_text,
        statement_id,
        verb_id,
        alias_type,
        alias_value,
        occurred_at,
        stored_at,
        is_voided,
        object_id,
        case
            when kind = 'course' then object_id
            when kind is null or kind = 'lesson' then coalesce(grouping_id, parent_id, object_id)
            else coalesce(parent_id, grouping_id, object_id)
        end as source_course_id,
        kind is null or kind in ('course', 'lesson') as is_course_level,
        source_record_id,
        source_file,
        extracted_at

    from with_context

)

select * from with_course
