-- One row per element of the user course activity (user and course), judged, and one per page
-- without elements.
--
-- The first completion date counts: it stays when the course grows afterwards (ratio below 100) and
-- when it is completed again. A ratio of 100 without a date is an end nobody can date and is
-- quarantined. Deactivated users keep what they did; with their mail gone their id stands for them.
-- Accounts are told apart by their id: two people may have had one address, one after the other.

with

pages as (

    select * from {{ source('udemy_business', 'user_course_activity') }}

),

{{ page_elements('$.results') }},

fields as (

    select
        {% for name in [
            'user_email', 'user_id', 'course_id', 'course_title', 'course_duration',
            'completion_ratio', 'num_video_consumed_minutes', 'assigned_on', 'course_enroll_date',
            'course_start_date', 'course_first_completion_date', 'course_completion_date',
        ] %}
        {{ clean_text(json_get('element_text', '$.' ~ name)) }} as {{ name }},
        {% endfor %}
        page_problem,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from page_elements

),

{% set completed = 'coalesce(course_first_completion_date, course_completion_date)' %}
records as (

    select
        {{ learner_alias(['user_email'], 'user_id', 'udemy_user_id') }},
        course_id as source_course_id,
        course_title,
        'course' as course_kind,
        {{ not_reported(['course_version', 'provider']) }},
        {{ try_cast('course_duration', 'double') }} as duration_minutes,
        user_id as attempt_id,
        {{ parse_timestamp('assigned_on') }} as assigned_at,
        {{ parse_timestamp('course_enroll_date') }} as enrolled_at,
        coalesce(length(assigned_on) <= 10, false) as is_assignment_date_only,
        {{ parse_timestamp('course_start_date') }} as started_at,
        {{ parse_timestamp(completed) }} as ended_at,
        coalesce(length({{ completed }}) <= 10, false) as is_end_date_only,
        case
            when
                {{ completed }} is not null
                or {{ try_cast('completion_ratio', 'double') }} >= 100
                then 'completed'
        end as end_type,
        {{ not_reported(['score_scaled', 'success']) }},
        {{ try_cast('num_video_consumed_minutes', 'double') }} * 60 as duration_seconds,
        cast(null as boolean) as is_required,
        completion_ratio || '%' as raw_status,
        coalesce(page_problem, {{ unreadable_value({
            'course_first_completion_date': 'timestamp', 'course_completion_date': 'timestamp',
            'assigned_on': 'timestamp', 'course_enroll_date': 'timestamp',
            'course_start_date': 'timestamp', 'completion_ratio': 'double',
        }) }}) as quarantine_reason,
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
