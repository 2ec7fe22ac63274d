-- One row per record in a page of the usage report (actor, terminal and day), and one per page
-- without records, typed. A record names its day; an empty page is of the day it was asked for, the
-- last date of its path. A view: only its base model reads it.
{{ config(materialized='view') }}

{%- set has_next = "coalesce(" ~ json_get('page', '$.next_page') ~ ", '') <> '' or coalesce("
    ~ json_get('page', '$.has_more') ~ ", '') = 'true'" %}
{%- set counts = {
    'session_count': '$.core_metrics.num_sessions',
    'commit_count': '$.core_metrics.commits_by_claude_code',
    'pull_request_count': '$.core_metrics.pull_requests_by_claude_code',
} %}
{%- set tools = ['edit_tool', 'multi_edit_tool', 'write_tool', 'notebook_edit_tool'] %}

with

pages as (

    select * from {{ source('claude_code', 'usage_report') }}

),

{{ page_elements('$.data', has_next) }},

typed as (

    select
        page_kind,
        element_text is not null as is_readable,
        has_next_page,
        {{ requested_day('source_file') }} as requested_day,
        {{ leading_date(json_get('element_text', '$.date')) }} as record_day,
        {{ clean_text(json_get('element_text', '$.actor.type')) }} as actor_type,
        {{ clean_alias(json_get('element_text', '$.actor.email_address')) }} as email,
        {{ clean_text(json_get('element_text', '$.organization_id')) }} as organization_id,
        {{ clean_alias(json_get('element_text', '$.customer_type')) }} as customer_type,
        {{ clean_alias(json_get('element_text', '$.subscription_type')) }} as subscription_type,
        {{ clean_alias(json_get('element_text', '$.terminal_type')) }} as terminal_type,
        {% for name, path in counts.items() %}
        {{ try_cast(json_get('element_text', path), 'bigint') }} as {{ name }},
        {% endfor %}
        {% for tool in tools %}
        {{ try_cast(json_get('element_text', '$.tool_actions.' ~ tool ~ '.accepted'), 'bigint') }}
            as {{ tool }}_accepted,
        {% endfor %}
        -- Tokens prove that a model was asked something. The list is NULL when not reported.
        {{ regex_matches(
            json_get('element_text', '$.model_breakdown'),
            '"(input|output|cache_read|cache_creation)"[ ]*:[ ]*[1-9]'
        ) }}
            as has_tokens,
        raw_text,
        source_file,
        extracted_at

    from page_elements

),

summed as (

    select
        *,
        case
            when page_kind = 'element' then record_day
            else requested_day
        end as usage_date,
        case
            when
                coalesce(
                    {% for tool in tools %}
                    {{ tool }}_accepted{{ ',' if not loop.last }}
                    {% endfor %}
                ) is not null
                then
                    0
                    {% for tool in tools %}
                    + coalesce({{ tool }}_accepted, 0)
                    {% endfor %}
        end as accepted_count

    from typed

)

select * from summed
