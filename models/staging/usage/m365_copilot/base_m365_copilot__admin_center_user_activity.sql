-- One row per user in an export of the admin centre's Copilot usage page. The file does not say of
-- which refresh it is: the newest activity it names, by anyone, is the last day it proves to know,
-- and stands for the refresh. Concealed names have 16 hex digits here.

{%- set date_headers = {
    'teams_on': 'Last activity date of Teams Copilot (UTC)',
    'word_on': 'Last activity date of Word Copilot (UTC)',
    'excel_on': 'Last activity date of Excel Copilot (UTC)',
    'powerpoint_on': 'Last activity date of PowerPoint Copilot (UTC)',
    'outlook_on': 'Last activity date of Outlook Copilot (UTC)',
    'onenote_on': 'Last activity date of OneNote Copilot (UTC)',
    'loop_on': 'Last activity date of Loop Copilot (UTC)',
    'chat_work_on': 'Last activity date of Copilot Chat (work) (UTC)',
    'chat_web_on': 'Last activity date of Copilot Chat (web) (UTC)',
    'm365_app_on': 'Last activity date of Microsoft 365 App (UTC)',
    'edge_on': 'Last activity date of Microsoft Edge (UTC)',
} %}
{%- set count_headers = {
    'prompt_count': 'Prompts submitted (any app)',
    'chat_work_prompt_count': 'Copilot Chat (work) prompts submitted',
    'chat_web_prompt_count': 'Copilot Chat (web) prompts submitted',
    'active_day_count': 'Active Days',
} %}
{%- set raw_text = "coalesce(upn, '') || '|' || coalesce(last_activity_text, '')" %}

with

source_rows as (

    select * from {{ source('m365_copilot', 'admin_center_user_activity') }}

),

named as (

    select
        {{ clean_alias(adapter.quote('User name')) }} as upn,
        {{ clean_text(adapter.quote('Last activity date (UTC)')) }} as last_activity_text,
        {{ leading_date(adapter.quote('Last activity date (UTC)')) }} as any_app_on,
        {% for name in m365_dates() %}
        {% if name in date_headers %}
        {{ leading_date(adapter.quote(date_headers[name])) }} as {{ name }},
        {% else %}
        cast(null as date) as {{ name }},
        {% endif %}
        {% endfor %}
        cast(null as bigint) as report_period_days,
        {% for name, header in count_headers.items() %}
        {{ try_cast(adapter.quote(header), 'bigint') }} as {{ name }},
        {% endfor %}
        cast(null as string) as page_problem,
        source_file,
        extracted_at

    from source_rows

),

typed as (

    select
        *,
        max(any_app_on) over (partition by source_file) as refreshed_on

    from named

),

{{ judge_m365_rows(m365_dates(), raw_text, has_refresh_date=false) }}

select * from judged
