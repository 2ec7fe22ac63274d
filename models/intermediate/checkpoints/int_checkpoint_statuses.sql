-- One row per employee, tool, index date and N with exactly one status.
--
-- The first reason that holds wins, else `eligible`. Nothing here looks at use: who is in the
-- denominator must not depend on whether they used the tool.

with

blocks as (

    select * from {{ ref('int_checkpoint_blocks') }}

),

coverage as (

    select * from {{ ref('int_checkpoint_coverage') }}

),

licences as (

    select * from {{ ref('int_checkpoint_licences') }}

),

leave_days as (

    select * from {{ ref('int_checkpoint_leave') }}

),

employment as (

    select * from {{ ref('int_employment_on_dates') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many checkpoints : one coverage summary; one checkpoint : zero or one licence and leave summary
-- (none: not licensed, no leave); many checkpoints : one employment day; the one row of settings.
judged as (

    select
        blocks.employee_id,
        blocks.tool_id,
        blocks.completion_date,
        blocks.checkpoint_day,
        blocks.checkpoint_date,
        blocks.block_start_date,
        blocks.block_end_date,
        coverage.n_uncovered_days,
        coverage.n_covered_counted_days,
        coverage.n_covered_baseline_days,
        case
            when
                {{ is_window_open(
                    'blocks.checkpoint_date', 'blocks.watermark_date', 'settings.as_of_date'
                ) }}
                then 'window_open'
            when not employment.is_employed then 'left_before_day_n'
            when
                {{ is_feed_gap(
                    'blocks.has_block', 'coverage.n_covered_block_days', 'blocks.n_block_days'
                ) }}
                then 'feed_gap'
            when
                {{ is_licence_unknown(
                    'blocks.is_sold_by_seat',
                    'coverage.n_seat_covered_block_days',
                    'blocks.n_block_days'
                ) }}
                then 'licence_unknown'
            when blocks.is_sold_by_seat and licences.employee_id is null then 'no_licence'
            when {{ is_on_leave('leave_days.n_leave_days') }} then 'on_leave'
            else 'eligible'
        end as status

    from blocks

    inner join coverage
        on blocks.tool_id = coverage.tool_id
        and blocks.completion_date = coverage.completion_date
        and blocks.checkpoint_day = coverage.checkpoint_day

    left join licences
        on blocks.employee_id = licences.employee_id
        and blocks.tool_id = licences.tool_id
        and blocks.completion_date = licences.completion_date
        and blocks.checkpoint_day = licences.checkpoint_day

    left join leave_days
        on blocks.employee_id = leave_days.employee_id
        and blocks.tool_id = leave_days.tool_id
        and blocks.completion_date = leave_days.completion_date
        and blocks.checkpoint_day = leave_days.checkpoint_day

    inner join employment
        on blocks.employee_id = employment.employee_id
        and blocks.checkpoint_date = employment.on_date

    cross join settings

)

select * from judged
