-- One row per employee, tool and index date with leave near it: the weeks that count as leave.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

leave_intervals as (

    select * from {{ ref('int_leave_intervals') }}

),

blocks as (

    select * from {{ ref('int_curve_blocks') }}

),

-- one index date : the leaves of the person; most people have none and match nothing.
leaves as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        leave_intervals.leave_start,
        leave_intervals.leave_end

    from index_dates

    inner join leave_intervals
        on index_dates.employee_id = leave_intervals.employee_id

),

-- one leave : the weeks it overlaps. Leaves of one person never overlap, so their days add up.
leave_weeks as (

    select
        leaves.employee_id,
        leaves.tool_id,
        leaves.completion_date,
        blocks.week_bit,
        sum({{ days_between(
            'least(blocks.block_end_date, leaves.leave_end)',
            'greatest(blocks.block_start_date, leaves.leave_start)'
        ) }} + 1) as n_leave_days

    from leaves

    inner join blocks
        on leaves.tool_id = blocks.tool_id
        and leaves.completion_date = blocks.completion_date
        and leaves.leave_start <= blocks.block_end_date
        and leaves.leave_end >= blocks.block_start_date

    group by
        leaves.employee_id,
        leaves.tool_id,
        leaves.completion_date,
        blocks.week_bit

),

leave_sets as (

    select
        employee_id,
        tool_id,
        completion_date,
        cast(sum(week_bit) as bigint) as leave_weeks

    from leave_weeks

    where {{ is_on_leave('n_leave_days') }}

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from leave_sets
