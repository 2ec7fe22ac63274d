-- One row per tool and index date: which weeks are open, which are covered, and for how many days
-- from day 1 on everything is observed.
--
-- A set of weeks is a whole number with one bit per week (int_curve_weeks).

with

{% set last_day = 7 * var('curve_weeks_after') %}
blocks as (

    select * from {{ ref('int_curve_blocks') }}

),

block_coverage as (

    select * from {{ ref('int_curve_block_coverage') }}

),

coverage_days as (

    select * from {{ ref('int_coverage_days') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many days : the one row of settings.
next_unobserved as (

    select
        coverage_days.tool_id,
        coverage_days.covered_day,
        min(case
            when
                not coverage_days.is_covered or coverage_days.covered_day > settings.as_of_date
                then coverage_days.covered_day
        end) over (
            partition by coverage_days.tool_id
            order by coverage_days.covered_day
            rows between current row and unbounded following
        ) as next_unobserved_day

    from coverage_days

    cross join settings

),

-- one block : one summary of its coverage.
summed as (

    select
        blocks.tool_id,
        blocks.completion_date,
        blocks.usage_grain,
        blocks.is_sold_by_seat,
        {{ add_days('blocks.completion_date', 1) }} as first_day,
        max(case when blocks.week_number < 0 then blocks.block_shift else 0 end) as shift_before,
        max(case when blocks.week_number > 0 then blocks.block_shift else 0 end) as shift_after,
        cast(sum(case when blocks.is_window_open then blocks.week_bit else 0 end) as bigint)
            as open_weeks,
        cast(sum(
            case
                when block_coverage.is_covered and not blocks.is_window_open then blocks.week_bit
                else 0
            end
        ) as bigint) as covered_weeks

    from blocks

    inner join block_coverage
        on blocks.tool_id = block_coverage.tool_id
        and blocks.completion_date = block_coverage.completion_date
        and blocks.week_number = block_coverage.week_number

    group by
        blocks.tool_id,
        blocks.completion_date,
        blocks.usage_grain,
        blocks.is_sold_by_seat

),

-- many index dates : one coverage day, the one after.
windows as (

    select
        summed.tool_id,
        summed.completion_date,
        summed.usage_grain,
        summed.is_sold_by_seat,
        summed.shift_before,
        summed.shift_after,
        summed.open_weeks,
        summed.covered_weeks,
        coalesce(least(
            {{ last_day }},
            {{ days_between('next_unobserved.next_unobserved_day', 'summed.first_day') }}
        ), {{ last_day }}) as n_observed_days

    from summed

    inner join next_unobserved
        on summed.tool_id = next_unobserved.tool_id
        and summed.first_day = next_unobserved.covered_day

)

select * from windows
