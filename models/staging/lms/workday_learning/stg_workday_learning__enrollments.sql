-- One row per entry of an enrollment report, typed, and one per page without any.
--
-- The status words are Workday's in English; others have no meaning here. Expired is a completion
-- whose validity ended. Days are written with the offset of Workday's clock, which changes no day.

{% set meanings = {
    'open': [
        'not started', 'in progress', 'started', 'enrolled', 'registered', 'assigned', 'waitlisted',
        'pending approval', 'overdue',
    ],
    'completed': ['completed', 'expired'],
    'passed': ['passed'],
    'failed': ['failed'],
    'withdrawn': ['dropped', 'withdrawn', 'canceled', 'cancelled', 'no show'],
    'waived': ['waived', 'exempt'],
} %}
{% set times = ['assigned_at', 'enrolled_at', 'started_at', 'ended_at'] %}

with

report_entries as (

    select * from {{ ref('stg_workday_learning__report_entries') }}

),

typed as (

    select
        *,
        {% for name in times %}
        {{ workday_instant(name ~ '_text') }} as {{ name }},
        {% endfor %}
        {{ workday_is_day('coalesce(assigned_at_text, enrolled_at_text)') }} as is_assignment_day,
        {{ workday_is_day('coalesce(ended_at_text, started_at_text)') }} as is_end_day,
        case
            {% for meaning, words in meanings.items() %}
            {% for word in words %}
            when lower(status_text) = '{{ word }}' then '{{ meaning }}'
            {% endfor %}
            {% endfor %}
        end as meaning,
        case
            when lower(success_text) in ('pass', 'passed', 'true', 'yes', 'y', '1') then true
            when lower(success_text) in ('fail', 'failed', 'false', 'no', 'n', '0') then false
        end as is_success,
        {{ try_cast('score_text', 'double') }} as score

    from report_entries

),

enrollments as (

    select
        element_text,
        {% for field in workday_learning_fields() %}
        {{ field }}_text,
        {% endfor %}
        absent_field,
        absent_end_field,
        {% for name in times %}
        {{ name }},
        {% endfor %}
        is_assignment_day,
        is_end_day,
        meaning,
        is_success,
        score,
        max(case when meaning in ('completed', 'passed', 'failed') then 1 else 0 end) over (
            partition by extracted_at
        ) = 1 as has_delivery_ends,
        raw_text,
        is_empty_page,
        source_file,
        extracted_at

    from typed

)

select * from enrollments
