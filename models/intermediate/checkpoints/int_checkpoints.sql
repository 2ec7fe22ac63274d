-- One row per employee, tool, index date and N: status, observed use and baseline.
--
-- Flags and counts of use are NULL unless the checkpoint is eligible, so that nobody averages over
-- the wrong people.

with

statuses as (

    select * from {{ ref('int_checkpoint_statuses') }}

),

use_at_checkpoints as (

    select * from {{ ref('int_checkpoint_use') }}

),

baselines as (

    select * from {{ ref('int_baselines') }}

),

-- one checkpoint : one summary of use; many checkpoints : one baseline.
checkpoints as (

    select
        statuses.employee_id,
        statuses.tool_id,
        statuses.completion_date,
        statuses.checkpoint_day,
        statuses.checkpoint_date,
        statuses.block_start_date,
        statuses.block_end_date,
        statuses.status,
        statuses.status = 'eligible' as is_eligible,
        statuses.n_uncovered_days,
        use_at_checkpoints.is_weekly_grain,
        case
            when statuses.status = 'eligible' then use_at_checkpoints.is_active_in_block
        end as is_adopted,
        case
            when statuses.status = 'eligible' then use_at_checkpoints.is_active_since
        end as is_tried,
        case
            when statuses.status = 'eligible'
                then use_at_checkpoints.n_active_blocks >= {{ var('habitual_blocks') }}
        end as is_habitual,
        case
            when statuses.status = 'eligible'
                then use_at_checkpoints.active_days_last_7 >= {{ var('daily_use_days') }}
        end as is_daily,
        case
            when statuses.status = 'eligible' then use_at_checkpoints.active_days_last_7
        end as active_days_last_7,
        case
            when statuses.status = 'eligible' then use_at_checkpoints.active_days_since_completion
        end as active_days_since_completion,
        case
            when statuses.status = 'eligible' then use_at_checkpoints.interactions_last_7
        end as interactions_last_7,
        case
            when statuses.status = 'eligible'
                then use_at_checkpoints.interactions_since_completion
        end as interactions_since_completion,
        baselines.baseline_status,
        baselines.baseline_active_days,
        -- A day of use is known of, whether a delivery covers it or not.
        case
            when statuses.status = 'eligible'
                then greatest(
                    statuses.n_covered_counted_days,
                    use_at_checkpoints.active_days_since_completion
                )
        end as n_known_days,
        greatest(statuses.n_covered_baseline_days, baselines.baseline_active_days)
            as n_baseline_known_days

    from statuses

    inner join use_at_checkpoints
        on statuses.employee_id = use_at_checkpoints.employee_id
        and statuses.tool_id = use_at_checkpoints.tool_id
        and statuses.completion_date = use_at_checkpoints.completion_date
        and statuses.checkpoint_day = use_at_checkpoints.checkpoint_day

    inner join baselines
        on statuses.employee_id = baselines.employee_id
        and statuses.tool_id = baselines.tool_id
        and statuses.completion_date = baselines.completion_date

)

select * from checkpoints
