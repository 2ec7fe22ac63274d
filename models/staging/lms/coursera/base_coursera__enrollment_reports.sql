-- One row per element of the enrolment reports (person, content and program), judged, and one per
-- page without elements.
--
-- isCompleted decides, not the progress. A membership that was deleted keeps its completion; one
-- without was withdrawn. The external id is what the customer's sign-on sends: a mail address or
-- HR's employee number, told by its form. Two people may have had one address, one after the other:
-- the day of the enrolment tells them apart.

{%- set names = {
    'membership_id': 'id', 'external_id': 'externalId', 'email': 'email', 'content_id': 'contentId',
    'content_name': 'contentName', 'content_type': 'contentType', 'program_id': 'programId',
    'partner_name': 'partnerNames[0]', 'course_hours': 'approxTotalCourseHrs',
    'enrolled_ms': 'enrolledAt', 'completed_ms': 'completedAt', 'deleted_ms': 'deletedAt',
    'is_completed': 'isCompleted', 'grade': 'grade', 'membership_state': 'membershipState',
} %}

with

pages as (

    select * from {{ source('coursera', 'enrollment_reports') }}

),

{{ page_elements('$.elements') }},

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

{% set learner = 'coalesce(external_id, email)' %}
{% set is_done = try_cast('is_completed', 'boolean') %}
records as (

    select
        {{ learner_alias([learner], learner, 'coursera_external_id') }},
        content_id as source_course_id,
        content_name as course_title,
        case
            when {{ regex_matches('lower(content_type)', '^special|certificate') }} then 'path'
            else 'course'
        end as course_kind,
        cast(null as string) as course_version,
        partner_name as provider,
        {{ try_cast('course_hours', 'double') }} * 60 as duration_minutes,
        coalesce(membership_id, program_id) || coalesce('|' || enrolled_ms, '') as attempt_id,
        cast(null as timestamp) as assigned_at,
        {{ epoch_ms_to_timestamp(try_cast('enrolled_ms', 'bigint')) }} as enrolled_at,
        false as is_assignment_date_only,
        cast(null as timestamp) as started_at,
        case
            when {{ is_done }} then {{ epoch_ms_to_timestamp(try_cast('completed_ms', 'bigint')) }}
            else {{ epoch_ms_to_timestamp(try_cast('deleted_ms', 'bigint')) }}
        end as ended_at,
        false as is_end_date_only,
        case
            when {{ is_done }} then 'completed'
            when upper(membership_state) = 'DELETED' then 'withdrawn'
        end as end_type,
        {{ try_cast('grade', 'double') }} as score_scaled,
        {{ not_reported(['success', 'duration_seconds', 'is_required']) }},
        membership_state as raw_status,
        case when external_id not like '%@%' then external_id end as employee_id,
        external_id as learner_id,
        coalesce(
            page_problem,
            {{ unreadable_value({
                'is_completed': 'boolean', 'completed_ms': 'bigint', 'enrolled_ms': 'bigint',
                'deleted_ms': 'bigint', 'grade': 'double',
            }) }},
            case when element_text is not null and is_completed is null then 'bad_is_completed' end
        ) as quarantine_reason,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from fields

),

checked as (

    {{ check_learning_records(extra=['employee_id', 'learner_id']) }}

),

ranked as (

    {{ rank_learning_records() }}

),

judged as (

    {{ judge_learning_records(extra=['employee_id', 'learner_id']) }}

)

select * from judged
