-- One row per element of the completions, judged, and one per page without elements.
--
-- A completion that no provider verified is the learner's own mark: `waived`, not training. The
-- user id names the learner, because an employee id may be missing or come later; employee ids are
-- for the identity aliases. Days come as midnight. Elements are JSON:API resources, with an object
-- or a list of objects for relationships, or the same names in a flat record.

{%- set names = {
    'completion_id': ['id', 'completion-id'],
    'user_id': ['attributes.user-id', 'user-id'],
    'employee_number': ['attributes.employee-id', 'employee-id'],
    'content_id': ['attributes.content-id', 'content-id'],
    'content_type': [
        'included[0].attributes.content-type', 'attributes.content-type', 'content-type',
    ],
    'title': ['included[0].attributes.title', 'attributes.title', 'title'],
    'completed_text': ['attributes.completed-at', 'completed-at'],
    'verified': ['attributes.is-verified', 'attributes.verified', 'verified'],
} %}
{%- set related = {'user_id': 'user.data.id', 'content_id': 'content.data.id'} %}

with

pages as (

    select * from {{ source('degreed', 'completions') }}

),

{{ page_elements('$.data') }},

fields as (

    select
        {% for name, paths in names.items() %}
        coalesce(
            {% for place in ['.', '[0].', '[1].', '[2].'] if name in related %}
            {{ clean_text(json_get('element_text', '$.relationships' ~ place ~ related[name])) }},
            {% endfor %}
            {% for path in paths %}
            {{ clean_text(json_get('element_text', '$.' ~ path)) }}{{ ',' if not loop.last }}
            {% endfor %}
        ) as {{ name }},
        {% endfor %}
        page_problem,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from page_elements

),

records as (

    select
        case
            when user_id is not null then 'degreed_user_id'
            when employee_number is not null then 'degreed_employee_id'
        end as alias_type,
        {{ clean_alias('coalesce(user_id, employee_number)') }} as alias_value,
        content_id as source_course_id,
        title as course_title,
        case lower(content_type)
            when 'assessment' then 'assessment' when 'pathway' then 'path' else 'course'
        end as course_kind,
        {{ not_reported(['course_version', 'provider', 'duration_minutes']) }},
        completion_id as attempt_id,
        {{ not_reported(['assigned_at', 'enrolled_at']) }},
        false as is_assignment_date_only,
        cast(null as timestamp) as started_at,
        {{ parse_timestamp('completed_text') }} as ended_at,
        coalesce({{ regex_matches('completed_text', '^[^T ]*([T ]00:00:00([.]0+)?)?$') }}, false)
            as is_end_date_only,
        case when {{ try_cast('verified', 'boolean') }} is false then 'waived' else 'completed' end
            as end_type,
        {{ not_reported(['score_scaled', 'success', 'duration_seconds', 'is_required']) }},
        'verified: ' || verified as raw_status,
        employee_number as employee_id,
        coalesce(user_id, employee_number) as learner_id,
        coalesce(
            page_problem,
            {{ unreadable_value({'completed_text': 'timestamp', 'verified': 'boolean'}) }}
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
