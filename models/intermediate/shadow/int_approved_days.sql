-- One row per employee, tool and day that proves use of a tool which is approved in a consumer
-- tool's place, from the first to the last of its days: an observed day, or an active week.
--
-- Of a weekly tool an active week proves use only where all of it lies in what is asked about. Only
-- days of the web logs are asked about: a company without one has no row here.

with

approved_tools as (

    select * from {{ ref('int_approved_tools') }}

    where consumer_tool = 'all'

),

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

    where
        is_judged_week
        and is_active

),

-- Without web logs both are NULL.
logs as (

    select
        min(date_from) as first_log_day,
        max(date_to) as last_log_day

    from {{ ref('int_web_log_spans') }}

),

observed as (

    select
        employee_id,
        tool_id,
        usage_date as first_day,
        usage_date as last_day,
        false as is_week

    from usage_days

    union all

    select
        employee_id,
        tool_id,
        period_start as first_day,
        period_end as last_day,
        true as is_week

    from usage_weeks

),

-- many observations : zero or one tool; the one row of logs. Use of other tools, weeks of tools
-- that are judged by days, and days outside the logs are excluded.
approved_days as (

    select
        observed.employee_id,
        observed.tool_id,
        observed.first_day,
        observed.last_day

    from observed

    inner join approved_tools
        on observed.tool_id = approved_tools.tool_id

    cross join logs

    where
        (not observed.is_week or approved_tools.usage_grain = 'weekly')
        and observed.first_day >= logs.first_log_day
        and observed.last_day <= logs.last_log_day

)

select * from approved_days
