-- One row per tool, index date and week of the curve: the block that is judged.
--
-- The rules are those of the checkpoints with N = the last day of the week. They depend on tool and
-- dates only, so a few ten thousand rows serve every person.

with

index_dates as (

    select distinct
        tool_id,
        completion_date

    from {{ ref('int_index_dates') }}

),

curve_weeks as (

    select * from {{ ref('int_curve_weeks') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- one index date : every week of the curve.
last_days as (

    select
        index_dates.tool_id,
        index_dates.completion_date,
        curve_weeks.week_number,
        curve_weeks.week_bit,
        {{ add_days('index_dates.completion_date', 'curve_weeks.last_day_number') }} as last_day

    from index_dates

    cross join curve_weeks

),

-- many weeks : one tool; the one row of settings.
with_tool as (

    select
        last_days.tool_id,
        last_days.completion_date,
        last_days.week_number,
        last_days.week_bit,
        tool_coverage.usage_grain,
        tool_coverage.is_sold_by_seat,
        {{ has_block('tool_coverage.usage_grain', 'tool_coverage.week_end_weekday') }} as has_block,
        {{ days_since_block_end('last_days.last_day', 'tool_coverage.week_end_weekday') }}
            as block_shift,
        last_days.last_day,
        {{ is_window_open(
            'last_days.last_day', 'tool_coverage.watermark_date', 'settings.as_of_date'
        ) }} as is_window_open

    from last_days

    inner join tool_coverage
        on last_days.tool_id = tool_coverage.tool_id

    cross join settings

),

blocks as (

    select
        tool_id,
        completion_date,
        week_number,
        week_bit,
        usage_grain,
        is_sold_by_seat,
        has_block,
        is_window_open,
        block_shift,
        {{ add_days('last_day', '-block_shift - 7') }} as day_before_block,
        {{ add_days('last_day', '-block_shift - 6') }} as block_start_date,
        {{ add_days('last_day', '-block_shift') }} as block_end_date

    from with_tool

)

select * from blocks
