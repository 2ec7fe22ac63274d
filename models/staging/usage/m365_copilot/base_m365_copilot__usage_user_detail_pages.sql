-- One row per user and refresh in the JSON form of the usage user detail (Graph, pages of `value`),
-- and one per page without users. Read as the CSV is; an empty text is no date. The names of the
-- properties that version 2 added are those of the CSV in Graph's spelling, seen in no sample.

{%- set properties = {
    'chat_on': 'copilotChatLastActivityDate',
    'teams_on': 'microsoftTeamsCopilotLastActivityDate',
    'word_on': 'wordCopilotLastActivityDate',
    'excel_on': 'excelCopilotLastActivityDate',
    'powerpoint_on': 'powerPointCopilotLastActivityDate',
    'outlook_on': 'outlookCopilotLastActivityDate',
    'onenote_on': 'oneNoteCopilotLastActivityDate',
    'loop_on': 'loopCopilotLastActivityDate',
    'chat_work_on': 'copilotChatWorkLastActivityDate',
    'chat_web_on': 'copilotChatWebLastActivityDate',
    'm365_app_on': 'microsoft365CopilotLastActivityDate',
    'edge_on': 'edgeLastActivityDate',
    'agent_on': 'copilotAgentLastActivityDate',
} %}
{%- set period = '$.copilotActivityUserDetailsByPeriod[0].' %}

with

page_elements as (

    select * from {{ ref('stg_m365_copilot__page_elements') }}

),

typed as (

    select
        {{ leading_date(json_get('element_text', '$.reportRefreshDate')) }} as refreshed_on,
        {{ clean_alias(json_get('element_text', '$.userPrincipalName')) }} as upn,
        {{ clean_text(json_get('element_text', '$.lastActivityDate')) }} as last_activity_text,
        {{ leading_date(json_get('element_text', '$.lastActivityDate')) }} as any_app_on,
        {% for name in m365_dates() %}
        {{ leading_date(json_get('element_text', '$.' ~ properties[name])) }} as {{ name }},
        {% endfor %}
        {{ try_cast(json_get('element_text', period ~ 'reportPeriod'), 'bigint') }}
            as report_period_days,
        {% for name in m365_counts() if name != 'report_period_days' %}
        cast(null as bigint) as {{ name }},
        {% endfor %}
        case
            when page_kind = 'empty' then 'empty_page'
            when element_text is null then 'unreadable_page'
        end as page_problem,
        raw_text as delivered_text,
        has_next_page,
        source_file,
        extracted_at

    from page_elements

),

{{ judge_m365_rows(m365_dates(), 'delivered_text', carry=['has_next_page']) }}

select * from judged
