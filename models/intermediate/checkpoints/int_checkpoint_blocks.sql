-- One row per employee, tool, index date and checkpoint day N with the block that is judged.
--
-- Daily tools: the block is the block_days days that end on N. Weekly tools: the delivered week,
-- always seven days, that ends on one of N-6..N. There is no block to judge (has_block) where the
-- rows of a weekly tool never were a week, and where the week began by the index date: only an N
-- below 13 can meet that.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

checkpoints as (

    {% for checkpoint_day in var('checkpoint_days') %}
    select
        employee_id,
        tool_id,
        completion_date,
        {{ checkpoint_day }} as checkpoint_day,
        {{ add_days('completion_date', checkpoint_day) }} as checkpoint_date

    from index_dates

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many checkpoints : one tool.
with_tool as (

    select
        checkpoints.employee_id,
        checkpoints.tool_id,
        checkpoints.completion_date,
        checkpoints.checkpoint_day,
        checkpoints.checkpoint_date,
        tool_coverage.is_sold_by_seat,
        tool_coverage.usage_grain,
        tool_coverage.watermark_date,
        case when tool_coverage.usage_grain = 'weekly' then 7 else {{ var('block_days') }} end
            as n_block_days,
        {{ has_block('tool_coverage.usage_grain', 'tool_coverage.week_end_weekday') }} as has_block,
        {{ add_days(
            'checkpoints.checkpoint_date',
            '-' ~ days_since_block_end(
                'checkpoints.checkpoint_date', 'tool_coverage.week_end_weekday'
            )
        ) }} as block_end_date

    from checkpoints

    inner join tool_coverage
        on checkpoints.tool_id = tool_coverage.tool_id

),

blocks as (

    select
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day,
        checkpoint_date,
        is_sold_by_seat,
        usage_grain,
        watermark_date,
        has_block
        and {{ add_days('block_end_date', '1 - n_block_days') }} > completion_date as has_block,
        {{ add_days('block_end_date', '1 - n_block_days') }} as block_start_date,
        block_end_date,
        n_block_days

    from with_tool

)

select * from blocks
