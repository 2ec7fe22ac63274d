-- One row per entry of an enrollment report, judged, and one per page without any.
--
-- A mapped column that no entry of the delivery has quarantines the whole delivery: silence would
-- look like a company that never scores, requires or finishes anything. A worker is named by number
-- or mail, never by the display name. Lessons of a course are not read.

{% set times = ['assigned_at', 'enrolled_at', 'started_at', 'ended_at'] %}

with

enrollments as (

    select * from {{ ref('stg_workday_learning__enrollments') }}

),

records as (

    select
        case
            when employee_id_text is not null then 'workday_employee_id'
            when work_email_text like '%@%' then 'work_email'
        end as alias_type,
        case
            when employee_id_text is not null then lower(employee_id_text)
            when work_email_text like '%@%' then lower(work_email_text)
        end as alias_value,
        course_id_text as source_course_id,
        course_title_text as course_title,
        case
            when lower(course_id_text) like 'learning_program%' then 'path'
            when lower(course_type_text) like '%program%' then 'path'
            else 'course'
        end as course_kind,
        course_version_text as course_version,
        provider_text as provider,
        {{ try_cast('duration_minutes_text', 'double') }} as duration_minutes,
        coalesce(attempt_id_text, cast(coalesce(enrolled_at, assigned_at) as string)) as attempt_id,
        assigned_at,
        enrolled_at,
        coalesce(is_assignment_day, false) as is_assignment_date_only,
        started_at,
        case when meaning != 'open' then ended_at end as ended_at,
        coalesce(is_end_day, false) as is_end_date_only,
        nullif(meaning, 'open') as end_type,
        case when score between 0 and 100 then score / 100 end as score_scaled,
        is_success as success,
        cast(null as double) as duration_seconds,
        {{ try_cast('is_required_text', 'boolean') }} as is_required,
        status_text as raw_status,
        case
            when is_empty_page then null
            when element_text is null then 'unreadable_page'
            when absent_field is not null then 'mapped_column_absent_' || absent_field
            when absent_end_field is not null and has_delivery_ends
                then 'mapped_column_absent_' || absent_end_field
            when meaning is null then 'unknown_status'
            {% for name in times %}
            when {{ name }}_text is not null and {{ name }} is null then 'bad_{{ name }}'
            {% endfor %}
            when success_text is not null and is_success is null then 'bad_success'
            when meaning = 'open' and ended_at is not null then 'ended_while_open'
        end as quarantine_reason,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from enrollments

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
