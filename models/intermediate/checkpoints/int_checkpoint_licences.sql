-- One row per employee, tool, index date and N with at least one licensed day in the block; only
-- tools sold by seat.

with

blocks as (

    select * from {{ ref('int_checkpoint_blocks') }}

    where is_sold_by_seat

),

seat_intervals as (

    select * from {{ ref('int_seat_intervals') }}

),

-- one block : many seat periods that overlap it. Blocks without a seat match nothing: no licence.
licensed as (

    select distinct
        blocks.employee_id,
        blocks.tool_id,
        blocks.completion_date,
        blocks.checkpoint_day

    from blocks

    inner join seat_intervals
        on blocks.employee_id = seat_intervals.employee_id
        and blocks.tool_id = seat_intervals.tool_id
        and blocks.block_start_date < seat_intervals.valid_to
        and blocks.block_end_date >= seat_intervals.valid_from

)

select * from licensed
