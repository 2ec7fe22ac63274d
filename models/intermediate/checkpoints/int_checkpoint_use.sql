-- One row per employee, tool, index date and N: what was observed, zero where nothing was.
--
-- Weekly tools count days by whole weeks; their observed first and last active dates still prove
-- that the tool was tried.

with

blocks as (

    select * from {{ ref('int_checkpoint_blocks') }}

),

use_daily as (

    select * from {{ ref('int_checkpoint_use_daily') }}

),

use_weekly as (

    select * from {{ ref('int_checkpoint_use_weekly') }}

),

-- one checkpoint : zero or one summary of each kind; none means nothing was observed.
observed as (

    select
        blocks.employee_id,
        blocks.tool_id,
        blocks.completion_date,
        blocks.checkpoint_day,
        blocks.usage_grain = 'weekly' as is_weekly_grain,
        use_daily.active_days_since_completion as daily_active_days,
        use_daily.interactions_since_completion as daily_interactions,
        use_daily.active_days_last_7 as daily_active_days_last_7,
        use_daily.interactions_last_7 as daily_interactions_last_7,
        use_daily.n_active_blocks as daily_active_blocks,
        use_weekly.active_days_since_completion as weekly_active_days,
        use_weekly.interactions_since_completion as weekly_interactions,
        use_weekly.active_days_last_7 as weekly_active_days_last_7,
        use_weekly.interactions_last_7 as weekly_interactions_last_7,
        use_weekly.n_active_blocks as weekly_active_blocks,
        use_weekly.is_active_in_block,
        use_weekly.is_active_after_completion

    from blocks

    left join use_daily
        on blocks.employee_id = use_daily.employee_id
        and blocks.tool_id = use_daily.tool_id
        and blocks.completion_date = use_daily.completion_date
        and blocks.checkpoint_day = use_daily.checkpoint_day

    left join use_weekly
        on blocks.employee_id = use_weekly.employee_id
        and blocks.tool_id = use_weekly.tool_id
        and blocks.completion_date = use_weekly.completion_date
        and blocks.checkpoint_day = use_weekly.checkpoint_day

),

use_at_checkpoints as (

    select
        employee_id,
        tool_id,
        completion_date,
        checkpoint_day,
        is_weekly_grain,
        case
            when is_weekly_grain then coalesce(weekly_active_days, 0)
            else coalesce(daily_active_days, 0)
        end as active_days_since_completion,
        case
            when is_weekly_grain then coalesce(weekly_interactions, 0)
            else coalesce(daily_interactions, 0)
        end as interactions_since_completion,
        case
            when is_weekly_grain then coalesce(weekly_active_days_last_7, 0)
            else coalesce(daily_active_days_last_7, 0)
        end as active_days_last_7,
        case
            when is_weekly_grain then coalesce(weekly_interactions_last_7, 0)
            else coalesce(daily_interactions_last_7, 0)
        end as interactions_last_7,
        case
            when is_weekly_grain then coalesce(is_active_in_block, false)
            else coalesce(daily_active_days_last_7, 0) >= 1
        end as is_active_in_block,
        coalesce(daily_active_days, 0) >= 1
        or (is_weekly_grain and coalesce(is_active_after_completion, false)) as is_active_since,
        case
            when is_weekly_grain then coalesce(weekly_active_blocks, 0)
            else coalesce(daily_active_blocks, 0)
        end as n_active_blocks

    from observed

)

select * from use_at_checkpoints
