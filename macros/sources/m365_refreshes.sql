{#- CTEs `screened`, `with_copy_quality`, `ranked` and `judged` over the CTE `typed`, shared by the three forms of the Microsoft 365 Copilot
    report. `typed` has refreshed_on, upn, last_activity_text, any_app_on, the columns named in `dates`, the counts of
    m365_counts(), page_problem (unreadable_page or empty_page, else NULL), source_file, extracted_at and what
    `raw_text`, the SQL of the row as delivered, needs. -#}
{% macro judge_m365_rows(dates, raw_text, carry=[], has_refresh_date=true) -%}
{%- set hidden_name = regex_matches('upn', '^([0-9a-f]{16}|[0-9a-f]{32})$') -%}
{%- set counts = m365_counts() -%}
-- 16 or 32 hex digits cannot be a UPN, which has an @.
screened as (

    select
        *,
        coalesce({{ hidden_name }}, false) as is_concealed,
        case
            when page_problem is not null then nullif(page_problem, 'empty_page')
            {% if has_refresh_date %}
            when refreshed_on is null then 'unreadable_refresh_date'
            {% endif %}
            when upn is null then 'missing_upn'
            when {{ hidden_name }} then 'concealed_identity'
            when last_activity_text is not null and any_app_on is null
                then 'unreadable_activity_date'
        end as quarantine_reason

    from typed

),

-- A copy at least half of whose rows cannot be used replaces none that can be read.
with_copy_quality as (

    select
        *,
        quarantine_reason is null
        and sum(case when quarantine_reason is null then 0 else 1 end) over (
            partition by refreshed_on, extracted_at
        ) * 2 < count(*) over (partition by refreshed_on, extracted_at) as is_of_usable_copy

    from screened

),

ranked as (

    select
        *,
        coalesce(
            max(case when is_of_usable_copy then extracted_at end) over (partition by refreshed_on),
            max(case when quarantine_reason is null then extracted_at end) over (
                partition by refreshed_on
            )
        ) as chosen_extracted_at,
        row_number() over (
            partition by refreshed_on, upn, extracted_at
            order by
                case when quarantine_reason is null then 0 else 1 end,
                source_file desc,
                any_app_on desc nulls last,
                {{ (dates + counts) | join(' desc nulls last,\n                ') }} desc nulls last
        ) as copy_rank

    from with_copy_quality

),

judged as (

    select
        refreshed_on,
        upn,
        any_app_on,
        {% for name in dates + counts + carry %}
        {{ name }},
        {% endfor %}
        is_concealed,
        case
            when quarantine_reason is not null then 'quarantined'
            when
                page_problem is not null
                or extracted_at <> chosen_extracted_at
                or copy_rank > 1
                then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when page_problem is not null then page_problem
            when extracted_at < chosen_extracted_at then 'newer_copy_of_refresh'
            when extracted_at > chosen_extracted_at then 'better_copy_of_refresh'
            when copy_rank > 1 then 'repeated_in_copy'
        end as status_reason,
        case when quarantine_reason is not null then {{ raw_text }} end as raw_text,
        cast(refreshed_on as string) || '|' || upn as source_record_id,
        source_file,
        extracted_at

    from ranked

)
{%- endmacro %}


{#- What the longer reports count over their period. -#}
{% macro m365_counts() %}
    {% do return([
        'report_period_days', 'prompt_count', 'chat_work_prompt_count', 'chat_web_prompt_count', 'active_day_count',
    ]) %}
{% endmacro %}


{#- Last activity date columns of the CSV and JSON forms; the surface is the name without `_on`. -#}
{% macro m365_dates() %}
    {% do return([
        'chat_on', 'teams_on', 'word_on', 'excel_on', 'powerpoint_on', 'outlook_on', 'onenote_on', 'loop_on',
        'chat_work_on', 'chat_web_on', 'm365_app_on', 'edge_on', 'agent_on',
    ]) %}
{% endmacro %}


{#- Date at the start of a text; NULL if it is none. -#}
{% macro leading_date(expression) -%}
    {{ try_cast('substr(cast(' ~ expression ~ ' as string), 1, 10)', 'date') }}
{%- endmacro %}
