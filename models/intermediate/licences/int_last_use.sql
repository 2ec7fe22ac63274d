-- One row per employee and tool with observed use up to the tool's use_through_date: its last day.
--
-- Of a weekly tool the last day of an active week counts as a day of use: the week is all that is
-- known.

with

windows as (

    select * from {{ ref('int_licence_windows') }}

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
        usage_date,
        false as is_week

    from usage_days

    union all

    select
        employee_id,
        tool_id,
        period_end as usage_date,
        true as is_week

    from usage_weeks

),

-- many observations : zero or one tool. Use of tools that no seed lists, later use, and weeks of
-- tools that are judged by days are excluded.
last_use as (

    select
        observed.employee_id,
        observed.tool_id,
        max(observed.usage_date) as last_use_date

    from observed

    inner join windows
        on observed.tool_id = windows.tool_id
        and observed.usage_date <= windows.use_through_date

    where not observed.is_week or windows.usage_grain = 'weekly'

    group by
        observed.employee_id,
        observed.tool_id

)

select * from last_use
