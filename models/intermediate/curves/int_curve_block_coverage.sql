-- One row per tool, index date and week of the curve: whether the feeds cover its block.
--
-- is_covered: neither feed_gap nor licence_unknown, as the checkpoints read them.

with

blocks as (

    select * from {{ ref('int_curve_blocks') }}

),

coverage_days as (

    select * from {{ ref('int_coverage_days') }}

),

-- many weeks : one coverage day before and one at the end of the block; the calendar reaches over
-- all weeks of the curve.
counted as (

    select
        blocks.tool_id,
        blocks.completion_date,
        blocks.week_number,
        blocks.has_block,
        blocks.is_sold_by_seat,
        at_block_end.n_covered_so_far - before_block.n_covered_so_far as n_covered_days,
        at_block_end.n_seat_covered_so_far
        - before_block.n_seat_covered_so_far as n_seat_covered_days

    from blocks

    inner join coverage_days as before_block
        on blocks.tool_id = before_block.tool_id
        and blocks.day_before_block = before_block.covered_day

    inner join coverage_days as at_block_end
        on blocks.tool_id = at_block_end.tool_id
        and blocks.block_end_date = at_block_end.covered_day

),

block_coverage as (

    select
        tool_id,
        completion_date,
        week_number,
        not {{ is_feed_gap('has_block', 'n_covered_days', 7) }}
        and not {{ is_licence_unknown('is_sold_by_seat', 'n_seat_covered_days', 7) }}
            as is_covered

    from counted

)

select * from block_coverage
