-- One row per kept statement with the course it is about.
--
-- A lesson (cmi5's assignable unit) belongs to the course in grouping, else in parent; a video or
-- other part to the one in parent, else in grouping. Without a type, what has another activity for
-- a parent is a part, and in cmi5, which types no lesson, a lesson. Completing a part is progress,
-- and so is completing a lesson where the LMS reports `satisfied` for the course (cmi5's moveOn
-- decides).

with

{% set satisfied = 'https://w3id.org/xapi/adl/verbs/satisfied' %}
{% set waived = 'https://w3id.org/xapi/adl/verbs/waived' %}
{% set attended = [
    'http://adlnet.gov/expapi/verbs/completed', 'http://adlnet.gov/expapi/verbs/passed',
] %}

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
            {{ clean_text(
                json_get('statement_text', '$.context.contextActivities.parent[0].id')
            ) }},
            {{ clean_text(json_get('statement_text', '$.context.contextActivities.parent.id')) }}
        ) as parent_id,
        {{ json_get('statement_text', '$.context.registration') }} as attempt_id,
        lower({{ regex_get("coalesce(activity_type, '')", '([a-zA-Z-]+)/*$', 1) }}) as type_name,
        coalesce(
            {{ json_get('statement_text', '$.context.contextActivities.category') }}
            like '%w3id.org/xapi/cmi5/context/categories/cmi5%',
            false
        ) as is_cmi5

    from statements

),

with_kind as (

    select
        *,
        case
            when type_name is not null then type_name
            when is_cmi5 and coalesce(grouping_id, parent_id) <> object_id then 'lesson'
            when parent_id <> object_id then 'part'
        end as kind

    from with_context

),

with_course as (

    select
        *,
        case
            when kind = 'course' then object_id
            when kind is null or kind = 'lesson' then coalesce(grouping_id, parent_id, object_id)
            else coalesce(parent_id, grouping_id, object_id)
        end as source_course_id,
        verb_id = '{{ satisfied }}' and not is_voided as is_satisfied_verb,
        verb_id = '{{ waived }}' and not is_voided as is_waived_verb,
        verb_id in (
            '{{ attended[0] }}',
            '{{ attended[1] }}'
        ) and not is_voided as is_attended_verb

    from with_kind

),

with_course_facts as (

    select
        *,
        max(case when is_satisfied_verb then 1 else 0 end) over (
            partition by source_course_id
        ) = 1 as is_judged_by_move_on,
        max(case when is_waived_verb then 1 else 0 end) over (
            partition by alias_type, alias_value, source_course_id, attempt_id
        ) = 1
        and max(case when is_attended_verb then 1 else 0 end) over (
            partition by alias_type, alias_value, source_course_id, attempt_id
        ) = 0 as is_only_waived

    from with_course

),

course_statements as (

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
        source_course_id,
        attempt_id,
        case
            when kind is null or kind = 'course' then true
            when kind = 'lesson' then not (is_judged_by_move_on and is_attended_verb)
            else false
        end as is_course_level,
        is_only_waived,
        source_record_id,
        source_file,
        extracted_at

    from with_course_facts

)

select * from course_statements
