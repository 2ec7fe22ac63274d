-- One row per delivered row of the Microsoft 365 Copilot usage user detail: one user at one
-- refresh. The column Report Refresh Date decides the day, not the file's date. A refresh that is
-- delivered again replaces the whole older delivery, but a concealed one (32 hex digits in place of
-- the UPN) never replaces one with names.

{%- set surfaces = {
    'chat_on': 'Copilot Chat Last Activity Date',
    'teams_on': 'Microsoft Teams Copilot Last Activity Date',
    'word_on': 'Word Copilot Last Activity Date',
    'excel_on': 'Excel Copilot Last Activity Date',
    'powerpoint_on': 'PowerPoint Copilot Last Activity Date',
    'outlook_on': 'Outlook Copilot Last Activity Date',
    'onenote_on': 'OneNote Copilot Last Activity Date',
    'loop_on': 'Loop Copilot Last Activity Date',
    'chat_work_on': 'Copilot Chat (work) Last Activity Date',
    'chat_web_on': 'Copilot Chat (web) Last Activity Date',
    'm365_app_on': 'Microsoft 365 Copilot Last Activity Date',
    'edge_on': 'Edge Last Activity Date',
    'agent_on': 'Copilot Agent Last Activity Date',
} %}

with

source_rows as (

    select * from {{ source('m365_copilot', 'usage_user_detail') }}

),

typed as (

    select
        {{ try_cast(
            'substr(cast(' ~ adapter.quote('Report Refresh Date') ~ ' as string), 1, 10)', 'date'
        ) }}
            as refreshed_on,
        {{ clean_alias(adapter.quote('User Principal Name')) }} as upn,
        {{ clean_text(adapter.quote('Last Activity Date')) }} as last_activity_text,
        {{ try_cast(
            'substr(cast(' ~ adapter.quote('Last Activity Date') ~ ' as string), 1, 10)', 'date'
        ) }}
            as any_app_on,
        {% for name, header in surfaces.items() %}
        {{ try_cast('substr(cast(' ~ adapter.quote(header) ~ ' as string), 1, 10)', 'date') }}
            as {{ name }},
        {% endfor %}
        {{ delivered_row('m365_copilot', 'usage_user_detail') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- 32 hex digits cannot be a UPN, which has an @.
screened as (

    select
        refreshed_on,
        upn,
        last_activity_text,
        any_app_on,
        {% for name in surfaces %}
        {{ name }},
        {% endfor %}
        coalesce({{ regex_matches('upn', '^[0-9a-f]{32}$') }}, false) as is_concealed,
        case
            when refreshed_on is null then 'unreadable_refresh_date'
            when upn is null then 'missing_upn'
            when {{ regex_matches('upn', '^[0-9a-f]{32}$') }} then 'concealed_identity'
            when last_activity_text is not null and any_app_on is null
                then 'unreadable_activity_date'
        end as quarantine_reason,
        delivered_text,
        source_file,
        extracted_at

    from typed

),

with_raw_text as (

    select
        *,
        case when quarantine_reason is not null then delivered_text end as raw_text

    from screened

),

ranked as (

    select
        refreshed_on,
        upn,
        last_activity_text,
        any_app_on,
        {% for name in surfaces %}
        {{ name }},
        {% endfor %}
        is_concealed,
        quarantine_reason,
        max(extracted_at) over (partition by refreshed_on, is_concealed) as newest_extracted_at,
        row_number() over (
            partition by refreshed_on, upn, extracted_at
            order by
                case when quarantine_reason is null then 0 else 1 end,
                source_file desc,
                any_app_on desc nulls last,
                {{ surfaces | join(' desc nulls last,\n                ') }} desc nulls last
        ) as copy_rank,
        raw_text,
        source_file,
        extracted_at

    from with_raw_text

),

judged as (

    select
        refreshed_on,
        upn,
        any_app_on,
        {% for name in surfaces %}
        {{ name }},
        {% endfor %}
        is_concealed,
        case
            when quarantine_reason is not null then 'quarantined'
            when extracted_at < newest_extracted_at or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when extracted_at < newest_extracted_at then 'newer_copy_of_refresh'
            when copy_rank > 1 then 'repeated_in_copy'
        end as status_reason,
        raw_text,
        cast(refreshed_on as string) || '|' || upn as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
