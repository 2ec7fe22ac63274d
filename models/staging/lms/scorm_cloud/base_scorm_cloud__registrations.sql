-- One row per element of the registration list (registration, instance), judged, and one per page
-- without elements.
--
-- registrationCompletion decides whether it ended, registrationSuccess how: completed and failed is
-- failed, passed but not complete is still open. A reset registration counts its instance up: an
-- attempt of its own. Amounts may say "NaN" and are not read; learner ids may be mail addresses.

{%- set names = {
    'registration_id': 'id', 'instance': 'instance', 'completion': 'registrationCompletion',
    'outcome': 'registrationSuccess', 'score': 'score.scaled', 'seconds': 'totalSecondsTracked',
    'created_date': 'createdDate', 'first_access_date': 'firstAccessDate',
    'completed_date': 'completedDate', 'course_id': 'course.id', 'course_title': 'course.title',
    'course_version': 'course.version', 'learner_id': 'learner.id',
    'learner_email': 'learner.email',
} %}

with

pages as (

    select * from {{ source('scorm_cloud', 'registrations') }}

),

{{ page_elements('$.registrations') }},

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
        {{ learner_alias(
            ['learner_email', 'learner_id'], 'learner_id', 'scorm_cloud_learner_id'
        ) }},
        course_id as source_course_id,
        course_title,
        'course' as course_kind,
        course_version,
        {{ not_reported(['provider', 'duration_minutes']) }},
        registration_id || '.' || coalesce(instance, '0') as attempt_id,
        cast(null as timestamp) as assigned_at,
        {{ parse_timestamp('created_date') }} as enrolled_at,
        false as is_assignment_date_only,
        {{ parse_timestamp('first_access_date') }} as started_at,
        case when upper(completion) = 'COMPLETED' then {{ parse_timestamp('completed_date') }} end
            as ended_at,
        false as is_end_date_only,
        case
            when upper(completion) = 'COMPLETED' and upper(outcome) = 'FAILED' then 'failed'
            when upper(completion) = 'COMPLETED' and upper(outcome) = 'PASSED' then 'passed'
            when upper(completion) = 'COMPLETED' then 'completed'
        end as end_type,
        {{ try_cast('score', 'double') }} / 100 as score_scaled,
        case upper(outcome) when 'PASSED' then true when 'FAILED' then false end as success,
        {{ try_cast('seconds', 'double') }} as duration_seconds,
        cast(null as boolean) as is_required,
        coalesce(completion, '') || ' ' || coalesce(outcome, '') as raw_status,
        coalesce(
            page_problem,
            case
                when element_text is null then null
                when coalesce(upper(completion), '') not in ('COMPLETED', 'INCOMPLETE', 'UNKNOWN')
                    then 'unknown_completion'
                when upper(outcome) not in ('PASSED', 'FAILED', 'UNKNOWN') then 'unknown_success'
            end,
            {{ unreadable_value({
                'completed_date': 'timestamp', 'created_date': 'timestamp',
                'first_access_date': 'timestamp',
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
