-- One row per employee, weekly tool and index date with an active week that is the block of a week
-- of the curve: which weeks.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

    where
        is_judged_week
        and is_active

),

blocks as (

    select * from {{ ref('int_curve_blocks') }}

    where usage_grain = 'weekly'

),

-- one index date : many active weeks; people without one match nothing.
active_weeks as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        usage_weeks.period_end

    from index_dates

    inner join usage_weeks
        on index_dates.employee_id = usage_weeks.employee_id
        and index_dates.tool_id = usage_weeks.tool_id

),

-- one active week : at most one block that ends with it; weeks outside the curve and those of tools
-- with daily feeds match none.
weekly_use as (

    select
        active_weeks.employee_id,
        active_weeks.tool_id,
        active_weeks.completion_date,
        cast(sum(blocks.week_bit) as bigint) as weeks_of_use

    from active_weeks

    inner join blocks
        on active_weeks.tool_id = blocks.tool_id
        and active_weeks.completion_date = blocks.completion_date
        and active_weeks.period_end = blocks.block_end_date

    group by
        active_weeks.employee_id,
        active_weeks.tool_id,
        active_weeks.completion_date

)

select * from weekly_use
