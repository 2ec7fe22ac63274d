-- One row per tool, index date and N: how many days of the block, of 1..N and of the days on which
-- active days are counted are covered.
--
-- Depends on tool and dates only, never on whether the person used the tool.

with

spans as (

    select * from {{ ref('int_checkpoint_spans') }}

),

coverage_days as (

    select * from {{ ref('int_coverage_days') }}

),

-- many checkpoints : one coverage day, seven times (the calendar reaches from the first baseline
-- day to the last checkpoint day of the tool's units, so every look-up finds its day).
counted as (

    select
        spans.tool_id,
        spans.completion_date,
        spans.checkpoint_day,
        at_block_end.n_covered_so_far - before_block.n_covered_so_far as n_covered_block_days,
        at_block_end.n_seat_covered_so_far
        - before_block.n_seat_covered_so_far as n_seat_covered_block_days,
        spans.checkpoint_day
        - (at_checkpoint.n_covered_so_far - at_index.n_covered_so_far) as n_uncovered_days,
        at_block_end.n_covered_so_far - before_counted.n_covered_so_far as n_covered_counted_days,
        at_baseline_end.n_covered_so_far
        - before_baseline.n_covered_so_far as n_covered_baseline_days

    from spans

    inner join coverage_days as before_block
        on spans.tool_id = before_block.tool_id
        and spans.day_before_block = before_block.covered_day

    inner join coverage_days as at_block_end
        on spans.tool_id = at_block_end.tool_id
        and spans.block_end_date = at_block_end.covered_day

    inner join coverage_days as at_index
        on spans.tool_id = at_index.tool_id
        and spans.completion_date = at_index.covered_day

    inner join coverage_days as at_checkpoint
        on spans.tool_id = at_checkpoint.tool_id
        and spans.checkpoint_date = at_checkpoint.covered_day

    inner join coverage_days as before_counted
        on spans.tool_id = before_counted.tool_id
        and spans.day_before_counted = before_counted.covered_day

    inner join coverage_days as before_baseline
        on spans.tool_id = before_baseline.tool_id
        and spans.day_before_baseline = before_baseline.covered_day

    inner join coverage_days as at_baseline_end
        on spans.tool_id = at_baseline_end.tool_id
        and spans.baseline_end_date = at_baseline_end.covered_day

)

select * from counted
