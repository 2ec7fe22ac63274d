-- One row per delivered row of the Microsoft 365 Copilot usage user detail: one user at one
-- refresh. The column Report Refresh Date decides the day, not the file's date. A refresh that is
-- delivered again replaces the whole older delivery, but a concealed one (32 hex digits in place of
-- the UPN) never replaces one with names. A column the report lacks is NULL, not 0.

{%- set date_headers = {
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
{%- set count_headers = {
    'report_period_days': 'Report Period',
    'prompt_count': 'Prompts submitted for all apps',
    'chat_work_prompt_count': 'Prompts submitted for Copilot Chat (work)',
    'chat_web_prompt_count': 'Prompts submitted for Copilot Chat (web)',
    'active_day_count': 'Active Usage Days for all apps',
} %}

with

source_rows as (

    select * from {{ source('m365_copilot', 'usage_user_detail') }}

),

typed as (

    select
        {{ leading_date(adapter.quote('Report Refresh Date')) }} as refreshed_on,
        {{ clean_alias(adapter.quote('User Principal Name')) }} as upn,
        {{ clean_text(adapter.quote('Last Activity Date')) }} as last_activity_text,
        {{ leading_date(adapter.quote('Last Activity Date')) }} as any_app_on,
        {% for name in m365_dates() %}
        {{ leading_date(adapter.quote(date_headers[name])) }} as {{ name }},
        {% endfor %}
        {% for name in m365_counts() %}
        {{ try_cast(adapter.quote(count_headers[name]), 'bigint') }} as {{ name }},
        {% endfor %}
        cast(null as string) as page_problem,
        {{ delivered_row('m365_copilot', 'usage_user_detail') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

{{ judge_m365_rows(m365_dates(), 'delivered_text') }}

select * from judged
