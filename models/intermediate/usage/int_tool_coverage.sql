-- One row per tool: at what grain its use is reported, until which day, and how seats are reported.
--
-- A tool with any daily feed is judged by it; only a tool with nothing but period rows is weekly.
-- watermark = last delivered day - restatement lag; NULL when nothing was delivered. A tool that
-- the seed lacks is kept, as open and without lag, and a warning names it.

with

listed_tools as (

    select * from {{ ref('stg_reference__tools') }}

),

ties as (

    select * from {{ ref('int_course_tool_ties') }}

),

feed_deliveries as (

    select * from {{ ref('int_feed_deliveries') }}

),

week_endings as (

    select * from {{ ref('int_tool_week_endings') }}

),

mentioned_tools as (

    select
        tool_id,
        licence_model,
        restatement_lag_days

    from listed_tools

    union all

    select
        tool_id,
        cast(null as string) as licence_model,
        cast(null as integer) as restatement_lag_days

    from ties

    union all

    select
        tool_id,
        cast(null as string) as licence_model,
        cast(null as integer) as restatement_lag_days

    from feed_deliveries

),

tools as (

    select
        tool_id,
        max(licence_model) as licence_model,
        max(restatement_lag_days) as restatement_lag_days

    from mentioned_tools

    group by tool_id

),

per_tool as (

    select
        tool_id,
        case
            when bool_or(feed = 'tool_usage_daily') then 'daily'
            when bool_or(feed = 'tool_usage_period') then 'weekly'
        end as usage_grain,
        max(case
            when feed = 'tool_usage_daily' and is_delivered then date_to
        end) as last_daily_date,
        max(case
            when feed = 'tool_usage_period' and is_delivered then date_to
        end) as last_weekly_date,
        max(case
            when feed = 'tool_licences' and is_delivered then date_to
        end) as last_seat_date,
        bool_or(
            is_inferred and feed in ('tool_usage_daily', 'tool_usage_period')
        ) as is_coverage_inferred,
        bool_or(is_inferred and feed = 'tool_licences') as is_seat_coverage_inferred

    from feed_deliveries

    group by tool_id

),

-- many tools : zero or one summary of deliveries (none: nothing was ever delivered); many tools :
-- zero or one week ending (none: not weekly).
tool_coverage as (

    select
        tools.tool_id,
        coalesce(lower(tools.licence_model) = 'seat', false) as is_sold_by_seat,
        coalesce(per_tool.usage_grain, 'none') as usage_grain,
        case
            when per_tool.usage_grain = 'weekly' then week_endings.week_end_weekday
        end as week_end_weekday,
        case
            when per_tool.usage_grain = 'daily' then per_tool.last_daily_date
            else per_tool.last_weekly_date
        end as last_delivered_date,
        coalesce(tools.restatement_lag_days, 0) as restatement_lag_days,
        {{ add_days(
            "case when per_tool.usage_grain = 'daily' then per_tool.last_daily_date"
            ~ " else per_tool.last_weekly_date end",
            '-coalesce(tools.restatement_lag_days, 0)'
        ) }} as watermark_date,
        per_tool.last_seat_date,
        coalesce(per_tool.is_coverage_inferred, false) as is_coverage_inferred,
        coalesce(per_tool.is_seat_coverage_inferred, false) as is_seat_coverage_inferred

    from tools

    left join per_tool
        on tools.tool_id = per_tool.tool_id

    left join week_endings
        on tools.tool_id = week_endings.tool_id

)

select * from tool_coverage
