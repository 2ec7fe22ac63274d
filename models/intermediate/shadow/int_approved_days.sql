-- One row per employee, tool and day that proves use of a tool which is approved in a consumer
-- tool's place, from the first to the last of its days: an observed day, or an active week.
--
-- Of a weekly tool an active week proves use only where all of it lies in what is asked about.

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

observed as (

    select
        employee_id,
        tool_id,
        usage_date as first_day,
        usage_date as last_day,
        false as is_week

    from usage_days

    union

    select
        employee_id,
        tool_id,
        period_start as first_day,
        period_end as last_day,
        true as is_week

    from usage_weeks

),

-- many observations : zero or one tool. Use of other tools, and weeks of tools that are judged by
-- days, are excluded.
approved_days as (

    select
        observed.employee_id,
        observed.tool_id,
        observed.first_day,
        observed.last_day

    from observed

    inner join approved_tools
        on observed.tool_id = approved_tools.tool_id

    where not observed.is_week or approved_tools.usage_grain = 'weekly'

)

select * from approved_days
