-- One row per delivered row of the report "Users - Courses" (user, course, enrolment), judged.
--
-- Times have no zone: they are on the platform's clock (var docebo_timezone); an hour that comes
-- twice in autumn is the first. The status decides: a completion date beside another is history,
-- and words of another language are quarantined. An archived enrolment and the one after it differ
-- by their enrolment date. Being enrolled in a mandatory or required course is an assignment.

{%- set names = {
    'username': 'Username', 'email': 'Email', 'course_id': 'Course Internal ID',
    'course_name': 'Course Name', 'enrollment_date': 'Enrollment Date',
    'first_access_date': 'Course First Access Date', 'completion_date': 'Completion Date',
    'enrollment_status': 'Course Enrollment Status', 'assignment_type': 'Assignment Type',
    'material_seconds': 'Training Material Time (sec)',
} %}
{%- set zone = "'" ~ var('docebo_timezone') ~ "'" %}

with

source_rows as (

    select * from {{ source('docebo', 'users_courses') }}

),

fields as (

    select
        {% for name, header in names.items() %}
        {{ clean_text(adapter.quote(header)) }} as {{ name }},
        {% endfor %}
        source_file,
        extracted_at

    from source_rows

),

records as (

    select
        {{ learner_alias(['email', 'username'], 'username', 'docebo_username') }},
        course_id as source_course_id,
        course_name as course_title,
        'course' as course_kind,
        {{ not_reported(['course_version', 'provider', 'duration_minutes']) }},
        enrollment_date as attempt_id,
        case
            when lower(assignment_type) in ('mandatory', 'required')
                then {{ parse_local_timestamp('enrollment_date', zone) }}
        end as assigned_at,
        {{ parse_local_timestamp('enrollment_date', zone) }} as enrolled_at,
        coalesce(length(enrollment_date) <= 10, false) as is_assignment_date_only,
        {{ parse_local_timestamp('first_access_date', zone) }} as started_at,
        case
            when lower(enrollment_status) in ('completed', '2')
                then {{ parse_local_timestamp('completion_date', zone) }}
        end as ended_at,
        coalesce(length(completion_date) <= 10, false) as is_end_date_only,
        case when lower(enrollment_status) in ('completed', '2') then 'completed' end as end_type,
        {{ not_reported(['score_scaled', 'success']) }},
        {{ try_cast('material_seconds', 'double') }} as duration_seconds,
        case
            when lower(assignment_type) in ('mandatory', 'required') then true
            when assignment_type is not null then false
        end as is_required,
        enrollment_status as raw_status,
        case
            when
                coalesce(lower(enrollment_status), '') not in (
                    'enrolled', 'subscribed', 'not started', 'in progress', 'completed',
                    'suspended', 'overbooking', 'waiting', 'waiting list', 'to confirm',
                    'enrollments to confirm', '-2', '-1', '0', '1', '2', '3', '4'
                )
                then 'unknown_status'
            else {{ unreadable_value({
                'completion_date': 'timestamp', 'enrollment_date': 'timestamp',
                'first_access_date': 'timestamp',
            }) }}
        end as quarantine_reason,
        false as is_empty_page,
        {{ row_as_text(names) }} as raw_text,
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
