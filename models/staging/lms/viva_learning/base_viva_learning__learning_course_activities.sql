-- One row per element of the learning course activities (person and assignment, or person and
-- self-initiated course), judged, and one per page without elements.
--
-- The learner is an Entra object id; there is no mail address. An assignment and a course somebody
-- started on their own are activities of their own, also of the same content. What a colleague
-- recommends is no assignment.

{%- set names = {
    'activity_id': 'id', 'learner_user_id': 'learnerUserId', 'content_id': 'learningContentId',
    'status': 'status', 'assignment_type': 'assignmentType', 'assigned_text': 'assignedDateTime',
    'started_text': 'startedDateTime', 'completed_text': 'completedDateTime',
} %}

with

pages as (

    select * from {{ source('viva_learning', 'learning_course_activities') }}

),

{{ page_elements('$.value') }},

fields as (

    select
        {% for name, path in names.items() %}
        {{ clean_text(json_get('element_text', '$.' ~ path)) }} as {{ name }},
        {% endfor %}
        element_text,
        page_problem,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from page_elements

),

records as (

    select
        'entra_oid' as alias_type,
        {{ clean_alias('learner_user_id') }} as alias_value,
        content_id as source_course_id,
        cast(null as string) as course_title,
        'course' as course_kind,
        {{ not_reported(['course_version', 'provider', 'duration_minutes']) }},
        activity_id as attempt_id,
        case
            when coalesce(lower(assignment_type), '') <> 'peerrecommended'
                then {{ parse_timestamp('assigned_text') }}
        end as assigned_at,
        cast(null as timestamp) as enrolled_at,
        false as is_assignment_date_only,
        {{ parse_timestamp('started_text') }} as started_at,
        case when lower(status) = 'completed' then {{ parse_timestamp('completed_text') }} end
            as ended_at,
        false as is_end_date_only,
        case when lower(status) = 'completed' then 'completed' end as end_type,
        {{ not_reported(['score_scaled', 'success', 'duration_seconds']) }},
        case
            when lower(assignment_type) = 'required' then true
            when lower(assignment_type) in ('recommended', 'peerrecommended') then false
        end as is_required,
        status as raw_status,
        coalesce(
            page_problem,
            case
                when
                    element_text is not null
                    and coalesce(lower(status), '') not in ('notstarted', 'inprogress', 'completed')
                    then 'unknown_status'
            end,
            {{ unreadable_value({
                'completed_text': 'timestamp', 'assigned_text': 'timestamp',
                'started_text': 'timestamp',
            }) }}
        ) as quarantine_reason,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from fields

),

checked as (

    {{ check_learning_records() }}

),

ranked as (

    {{ rank_learning_records() }}

),

judged as (

    {{ judge_learning_records() }}

)

select * from judged
