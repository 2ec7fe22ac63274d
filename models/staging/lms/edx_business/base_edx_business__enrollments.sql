-- One row per element of the enrolments (person and course run), judged, and one per page without
-- elements. The enrolment's id tells two people apart who had one address, one after the other.
--
-- has_passed decides, as a boolean or as text; passed without a date is an end nobody can date and
-- is quarantined. Dates are days in newer versions and instants in older ones. Learners who did not
-- consent come without a mail address: their id stands for them.

with

pages as (

    select * from {{ source('edx_business', 'enrollments') }}

),

{{ page_elements('$.results') }},

fields as (

    select
        {% for name in [
            'enrollment_id', 'user_email', 'enterprise_user_id', 'course_key', 'courserun_key',
            'course_title', 'enrollment_date', 'unenrollment_date', 'has_passed', 'passed_date',
            'current_grade', 'progress_status', 'total_learning_time_hours',
        ] %}
        {{ clean_text(json_get('element_text', '$.' ~ name)) }} as {{ name }},
        {% endfor %}
        element_text,
        page_problem,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from page_elements

),

{% set is_passed = try_cast('has_passed', 'boolean') %}
{% set end_date = 'case when ' ~ is_passed ~ ' then passed_date else unenrollment_date end' %}
records as (

    select
        {{ learner_alias(['user_email'], 'enterprise_user_id', 'edx_user_id') }},
        course_key as source_course_id,
        course_title,
        'course' as course_kind,
        cast(null as string) as course_version,
        'edX' as provider,
        cast(null as double) as duration_minutes,
        coalesce(enrollment_id, courserun_key) as attempt_id,
        cast(null as timestamp) as assigned_at,
        {{ parse_timestamp('enrollment_date') }} as enrolled_at,
        coalesce(length(enrollment_date) <= 10, false) as is_assignment_date_only,
        cast(null as timestamp) as started_at,
        {{ parse_timestamp(end_date) }} as ended_at,
        coalesce(length({{ end_date }}) <= 10, false) as is_end_date_only,
        case
            when {{ is_passed }} then 'passed'
            when unenrollment_date is not null then 'withdrawn'
        end as end_type,
        {{ try_cast('current_grade', 'double') }} as score_scaled,
        case when {{ is_passed }} then true end as success,
        {{ try_cast('total_learning_time_hours', 'double') }} * 3600 as duration_seconds,
        cast(null as boolean) as is_required,
        progress_status as raw_status,
        coalesce(
            page_problem,
            {{ unreadable_value({
                'has_passed': 'boolean', 'passed_date': 'timestamp',
                'enrollment_date': 'timestamp', 'unenrollment_date': 'timestamp',
                'current_grade': 'double',
            }) }},
            case when element_text is not null and has_passed is null then 'bad_has_passed' end
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
