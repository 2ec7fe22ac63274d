-- One row per employee, tool and week with use: ISO weeks (Monday to Sunday) of a tool with daily
-- feeds, the delivered weeks of a weekly one, whatever weekday they end on.
--
-- Weeks without use have no row. A tool that reports no counts has actions 0 in every row.

with

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

    where
        is_judged_week
        and is_active

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

iso_weeks as (

    select
        employee_id,
        tool_id,
        {{ monday_of('usage_date') }} as week_start_date,
        interactions

    from usage_days

),

weeks_of_both_grains as (

    select
        employee_id,
        tool_id,
        'daily' as usage_grain,
        week_start_date,
        cast(count(*) as integer) as active_days,
        cast(sum(interactions) as bigint) as actions

    from iso_weeks

    group by
        employee_id,
        tool_id,
        week_start_date

    union all

    select
        employee_id,
        tool_id,
        'weekly' as usage_grain,
        period_start as week_start_date,
        cast(active_days as integer) as active_days,
        coalesce(interactions, 0) as actions

    from usage_weeks

),

-- many weeks : zero or one tool of that grain. What a weekly tool proves of single days makes no
-- week, and period rows of a tool with daily feeds only prove days: both are excluded.
active_weeks as (

    select
        weeks_of_both_grains.employee_id,
        weeks_of_both_grains.tool_id,
        weeks_of_both_grains.week_start_date,
        weeks_of_both_grains.active_days,
        weeks_of_both_grains.actions

    from weeks_of_both_grains

    inner join tool_coverage
        on weeks_of_both_grains.tool_id = tool_coverage.tool_id
        and weeks_of_both_grains.usage_grain = tool_coverage.usage_grain

)

select * from active_weeks
