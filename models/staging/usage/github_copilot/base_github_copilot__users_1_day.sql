-- One row per line of the GitHub Copilot user reports: one login on one day in one organisation (or
-- in the whole enterprise). Only people with activity have lines. Several organisations of one
-- login add up; an enterprise line already contains them, so it replaces the organisations' lines.
-- A count or flag that is there and cannot be read would decide who was active: such a line is
-- quarantined.

{%- set counts = {
    'prompt_count': 'user_initiated_interaction_count',
    'acceptance_count': 'code_acceptance_activity_count',
} %}
{%- set flags = {
    'used_chat': 'used_chat',
    'used_agent': 'used_agent',
    'used_cli': 'used_cli',
    'used_coding_agent': 'used_copilot_coding_agent',
    'used_cloud_agent': 'used_copilot_cloud_agent',
    'used_code_review': 'used_copilot_code_review_active',
} %}

with

source_rows as (

    select
        line_text,
        case when {{ is_json('line_text') }} then line_text end as report_line,
        source_file,
        extracted_at

    from {{ source('github_copilot', 'users_1_day') }}

),

typed as (

    select
        line_text,
        report_line,
        {{ try_cast(json_get('report_line', '$.day'), 'date') }} as usage_date,
        {{ try_cast(json_get('report_line', '$.report_start_day'), 'date') }} as report_start_day,
        {{ try_cast(json_get('report_line', '$.report_end_day'), 'date') }} as report_end_day,
        {{ clean_alias(json_get('report_line', '$.user_login')) }} as github_login,
        {{ clean_text(json_get('report_line', '$.user_id')) }} as github_user_id,
        {{ clean_text(json_get('report_line', '$.organization_id')) }} as organization_id,
        {% for name, property in counts.items() %}
        {{ try_cast(json_get('report_line', '$.' ~ property), 'bigint') }} as {{ name }},
        {% endfor %}
        {% for name, property in flags.items() %}
        {{ try_cast(json_get('report_line', '$.' ~ property), 'boolean') }} as {{ name }},
        {% endfor %}
        {% for name, property in dict(counts, **flags).items() %}
        {{ json_get('report_line', '$.' ~ property) }} is not null as has_{{ name }},
        {% endfor %}
        source_file,
        extracted_at

    from source_rows

),

screened as (

    select
        *,
        case
            when report_line is null then 'unreadable_json'
            when usage_date is null then 'unreadable_day'
            when github_login is null then 'missing_login'
            {% for name in counts %}
            when has_{{ name }} and coalesce({{ name }}, -1) < 0 then 'unreadable_count'
            {% endfor %}
            {% for name in flags %}
            when has_{{ name }} and {{ name }} is null then 'unreadable_flag'
            {% endfor %}
        end as quarantine_reason

    from typed

),

ranked as (

    select
        *,
        max(case when organization_id is null then 1 else 0 end) over (
            partition by github_login, usage_date, quarantine_reason is null
        ) as has_enterprise_line,
        row_number() over (
            partition by github_login, usage_date, organization_id, quarantine_reason is null
            order by extracted_at desc, source_file desc, line_text asc
        ) as copy_rank

    from screened

),

judged as (

    select
        usage_date,
        report_start_day,
        report_end_day,
        github_login,
        github_user_id,
        organization_id,
        prompt_count,
        acceptance_count,
        {{ flags.keys() | join(',\n        ') }},
        case
            when quarantine_reason is not null then 'quarantined'
            when
                copy_rank > 1 or (organization_id is not null and has_enterprise_line = 1)
                then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when copy_rank > 1 then 'repeated_in_newer_report'
            when
                organization_id is not null and has_enterprise_line = 1
                then 'contained_in_enterprise_line'
        end as status_reason,
        case when quarantine_reason is not null then line_text end as raw_text,
        cast(usage_date as string)
        || '|'
        || github_login
        || '|'
        || coalesce(organization_id, 'enterprise')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
