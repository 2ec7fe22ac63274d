-- One row per tool, index date and N: the days that are looked at, of the block, of 1..N and of the
-- baseline.
--
-- Active days of a weekly tool are counted in whole weeks, so only these weeks are days on which
-- they could have been seen: 30 days hold three or four of them, 28 days mostly three.

with

{% set baseline = var('baseline_days') %}
blocks as (

    select * from {{ ref('int_checkpoint_blocks') }}

),

checkpoints as (

    select distinct
        tool_id,
        completion_date,
        checkpoint_day,
        checkpoint_date,
        usage_grain = 'weekly' as is_weekly,
        {{ add_days('block_start_date', -1) }} as day_before_block,
        block_end_date,
        {{ days_between('block_end_date', 'completion_date') }} as block_end_day

    from blocks

),

-- Weeks end on day numbers w, w - 7, …; the last one before day 0 on last_week_end.
with_weeks as (

    select
        tool_id,
        completion_date,
        checkpoint_day,
        checkpoint_date,
        is_weekly,
        day_before_block,
        block_end_date,
        cast(floor(greatest(block_end_day, 0) / 7e0) as integer) as n_weeks,
        (block_end_day + 70000) % 7 - 7 as last_week_end

    from checkpoints

),

with_baseline_weeks as (

    select
        tool_id,
        completion_date,
        checkpoint_day,
        checkpoint_date,
        is_weekly,
        day_before_block,
        block_end_date,
        n_weeks,
        last_week_end,
        cast(floor(greatest(last_week_end + {{ baseline + 1 }}, 0) / 7e0) as integer)
            as n_baseline_weeks

    from with_weeks

),

spans as (

    select
        tool_id,
        completion_date,
        checkpoint_day,
        checkpoint_date,
        day_before_block,
        block_end_date,
        case
            when is_weekly then {{ add_days('block_end_date', '-7 * n_weeks') }}
            else completion_date
        end as day_before_counted,
        {{ add_days(
            'completion_date',
            'case when is_weekly then last_week_end - 7 * n_baseline_weeks else '
            ~ (0 - baseline - 1) ~ ' end'
        ) }} as day_before_baseline,
        {{ add_days('completion_date', 'case when is_weekly then last_week_end else -1 end') }}
            as baseline_end_date

    from with_baseline_weeks

)

select * from spans
