-- One row per consumer tool (or `all`), calendar month, dimension and value: people, and trained
-- people, who use the consumer tool, beside the tools that are approved in its place. The rows of
-- month `all` tell what became of that use after the training.
--
-- A month is counted only if the web logs cover all of it; other months, and companies without web
-- logs, are `not measured`, and their figures NULL. Nothing here is about one person.

with

{% set of_months = ['n_people', 'n_shadow_users', 'n_trained', 'n_trained_shadow_users'] %}
{% set of_approved_use = [
    'n_approved_users', 'n_shadow_and_approved', 'n_trained_approved_users',
    'n_trained_shadow_and_approved',
] %}
{% set of_training = ['n_trained_judged', 'n_shadow_before', 'n_stopped', 'n_started'] %}
counts as (

    select * from {{ ref('int_shadow_counts') }}

),

consumer_tools as (

    select * from {{ ref('int_consumer_tools') }}

),

months as (

    select * from {{ ref('int_shadow_months') }}

),

approved_coverage as (

    select * from {{ ref('int_approved_coverage') }}

),

logs as (

    select count(*) as n_spans from {{ ref('int_web_log_spans') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many groups : one consumer tool, zero or one month (none: the rows of all months), zero or one
-- coverage of approved tools (none: no such tool, or no whole month); the one row of logs and of
-- settings.
joined as (

    select
        counts.*,
        consumer_tools.n_approved_tools,
        consumer_tools.n_approved_tools_unknown,
        case
            when consumer_tools.n_domains = 0 then 'no_consumer_tool'
            when logs.n_spans = 0 then 'no_web_log'
            when counts.usage_month = 'all' and counts.n_trained_judged = 0 then 'nobody_judged'
            when not months.is_whole_month then 'incomplete_month'
        end as log_status_reason,
        counts.dimension = 'unattributed' as is_unattributed,
        approved_coverage.n_approved_days,
        settings.as_of_date,
        settings.rules_hash

    from counts

    inner join consumer_tools
        on counts.consumer_tool = consumer_tools.consumer_tool

    left join months
        on counts.usage_month = months.usage_month

    left join approved_coverage
        on counts.consumer_tool = approved_coverage.consumer_tool
        and months.month_start = approved_coverage.month_start

    cross join logs

    cross join settings

),

told as (

    select
        *,
        log_status_reason is null
        and usage_month <> 'all'
        and not is_unattributed as is_month_of_people,
        log_status_reason is null and usage_month = 'all' as is_training

    from joined

),

counted as (

    select
        consumer_tool,
        usage_month,
        dimension,
        dimension_value,
        log_status_reason,
        n_approved_tools,
        n_approved_tools_unknown,
        as_of_date,
        rules_hash,
        {% for name in of_months %}
        case when is_month_of_people then {{ name }} end as {{ name }},
        {% endfor %}
        {% for name in ['n_trained', 'n_trained_shadow_users'] %}
        {% set whole = 'n_people' if name == 'n_trained' else 'n_shadow_users' %}
        case when is_month_of_people then {{ whole }} - {{ name }} end
            as {{ name | replace('n_trained', 'n_untrained') }},
        {% endfor %}
        case when is_month_of_people or is_unattributed then n_requests end as n_requests,
        case when is_unattributed then n_accounts end as n_accounts,
        case when is_month_of_people then n_approved_days end as n_approved_days,
        {% for name in of_approved_use %}
        case when is_month_of_people and n_approved_days > 0 then {{ name }} end as {{ name }},
        {% endfor %}
        {% for name in of_training %}
        case when is_training then {{ name }} end as {{ name }},
        {% endfor %}
        case when is_training and n_approved_tools > 0 then n_substituted end as n_substituted

    from told

),

shadow_ai as (

    select
        'all' as program_id,
        'all' as tool_id,
        {{ var('checkpoint_days') | min }} as checkpoint_day,
        dimension,
        dimension_value,
        consumer_tool,
        usage_month,
        case when log_status_reason is null then 'measured' else 'not measured' end as log_status,
        log_status_reason,
        n_people,
        n_shadow_users,
        {{ rate_with_interval('shadow_use_rate', 'n_shadow_users', 'n_people') }},
        n_requests,
        n_accounts,
        n_trained,
        n_trained_shadow_users,
        {{ rate_with_interval(
            'trained_shadow_use_rate', 'n_trained_shadow_users', 'n_trained'
        ) }},
        n_untrained,
        n_untrained_shadow_users,
        {{ rate_with_interval(
            'untrained_shadow_use_rate', 'n_untrained_shadow_users', 'n_untrained'
        ) }},
        n_approved_tools,
        n_approved_tools_unknown,
        n_approved_days,
        n_approved_users,
        {{ rate_with_interval('approved_use_rate', 'n_approved_users', 'n_people') }},
        n_shadow_and_approved,
        n_trained_approved_users,
        {{ rate_with_interval(
            'trained_approved_use_rate', 'n_trained_approved_users', 'n_trained'
        ) }},
        n_trained_shadow_and_approved,
        n_trained_judged,
        n_shadow_before,
        n_stopped,
        {{ rate_with_interval('stopped_rate', 'n_stopped', 'n_shadow_before') }},
        n_started,
        n_substituted,
        {{ rate_with_interval('substitution_rate', 'n_substituted', 'n_shadow_before') }},
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from counted

)

select * from shadow_ai
