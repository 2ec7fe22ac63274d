-- One row per delivered row of Moodle's course completions (user, course and attempt), judged.
--
-- Times are epoch seconds; 0 and NULL both say that it did not happen. After a reset the row has
-- another id: an attempt of its own, so that the first completion stays. A deleted user has a hash
-- for a mail address: the platform's id stands for the person. Two people may have had one address,
-- one after the other: their rows differ in id.

{%- set names = [
    'id', 'userid', 'email', 'course', 'fullname', 'timeenrolled', 'timestarted', 'timecompleted',
] %}
{%- set times = ['timecompleted', 'timeenrolled', 'timestarted'] %}

with

source_rows as (

    select * from {{ source('moodle', 'course_completions') }}

),

fields as (

    select
        {% for name in names %}
        {{ clean_text(name) }} as {{ name }},
        {% endfor %}
        -- A greater number would be milliseconds, and a date in words is none.
        {% for name in times %}
        case
            when {{ try_cast(name, 'bigint') }} between 0 and 99999999999
                then {{ try_cast(name, 'bigint') }}
        end as {{ name }}_seconds,
        {% endfor %}
        source_file,
        extracted_at

    from source_rows

),

records as (

    select
        {{ learner_alias(['email'], 'userid', 'moodle_user_id') }},
        course as source_course_id,
        fullname as course_title,
        'course' as course_kind,
        {{ not_reported(['course_version', 'provider', 'duration_minutes']) }},
        coalesce(id, userid) as attempt_id,
        cast(null as timestamp) as assigned_at,
        {{ epoch_ms_to_timestamp('(nullif(timeenrolled_seconds, 0) * 1000)') }} as enrolled_at,
        false as is_assignment_date_only,
        {{ epoch_ms_to_timestamp('(nullif(timestarted_seconds, 0) * 1000)') }} as started_at,
        {{ epoch_ms_to_timestamp('(nullif(timecompleted_seconds, 0) * 1000)') }} as ended_at,
        false as is_end_date_only,
        case when timecompleted_seconds > 0 then 'completed' end as end_type,
        {{ not_reported(['score_scaled', 'success', 'duration_seconds', 'is_required']) }},
        timecompleted as raw_status,
        case
            {% for name in times %}
            when {{ name }} is not null and {{ name }}_seconds is null then 'bad_{{ name }}'
            {% endfor %}
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
