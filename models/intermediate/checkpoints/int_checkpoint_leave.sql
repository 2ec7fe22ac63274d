-- One row per employee, tool, index date and N with leave in the block: how many days of it.

with

blocks as (

    select * from {{ ref('int_checkpoint_blocks') }}

),

leave_intervals as (

    select * from {{ ref('int_leave_intervals') }}

),

-- one block : many leaves that overlap it; leaves of one person never overlap each other, so their
-- days add up. Blocks without leave match nothing.
leave_overlaps as (

    select
        blocks.employee_id,
        blocks.tool_id,
        blocks.completion_date,
        blocks.checkpoint_day,
        {{ days_between(
            'least(blocks.block_end_date, leave_intervals.leave_end)',
            'greatest(blocks.block_start_date, leave_intervals.leave_start)'
        ) }} + 1 as n_days

    from blocks

    inner join leave_intervals
        on blocks.employee_id = leave_intervals.employee_id
        and blocks.block_start_date <= leave_intervals.leave_end
        and blocks.block_end_date >= leave_intervals.leave_start

),

leave_days as (

    select
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day,
        cast(sum(n_days) as integer) as n_leave_days

    from leave_overlaps

    group by
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day

)

select * from leave_days
