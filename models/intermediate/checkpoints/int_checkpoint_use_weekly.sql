-- One row per employee, tool, index date and N with an active week in reach: weekly feeds.
--
-- The block is one delivered week; longer windows are taken in whole weeks that lie in 1..N, and
-- the habit in the four weeks that end with the block, but for those that ended by the index date.

with

{% set habit_days = 28 %}
blocks as (

    select * from {{ ref('int_checkpoint_blocks') }}

    where usage_grain = 'weekly'

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

    where
        is_judged_week
        and is_active

),

-- one block : many weeks that end in 1..N or in the four weeks of the habit. Blocks without an
-- active week match nothing.
weeks_in_reach as (

    select
        blocks.employee_id,
        blocks.tool_id,
        blocks.completion_date,
        blocks.checkpoint_day,
        usage_weeks.active_days,
        usage_weeks.interactions,
        usage_weeks.period_end = blocks.block_end_date as is_block,
        usage_weeks.period_start > blocks.completion_date as is_after_completion,
        {{ days_between('blocks.block_end_date', 'usage_weeks.period_end') }} < {{ habit_days }}
        and usage_weeks.period_end > blocks.completion_date as is_in_habit

    from blocks

    inner join usage_weeks
        on blocks.employee_id = usage_weeks.employee_id
        and blocks.tool_id = usage_weeks.tool_id
        and blocks.block_end_date >= usage_weeks.period_end
        and {{ add_days('blocks.completion_date', '-' ~ habit_days) }}
        < usage_weeks.period_end

),

use_at_checkpoints as (

    select
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day,
        cast(sum(case when is_after_completion then active_days else 0 end) as integer)
            as active_days_since_completion,
        cast(sum(case when is_after_completion then interactions else 0 end) as bigint)
            as interactions_since_completion,
        cast(sum(case when is_block then active_days else 0 end) as integer)
            as active_days_last_7,
        cast(sum(case when is_block then interactions else 0 end) as bigint)
            as interactions_last_7,
        cast(sum(case when is_in_habit then 1 else 0 end) as integer) as n_active_blocks,
        bool_or(is_block) as is_active_in_block,
        bool_or(is_after_completion) as is_active_after_completion

    from weeks_in_reach

    group by
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day

)

select * from use_at_checkpoints
