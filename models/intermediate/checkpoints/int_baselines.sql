-- One row per employee, tool and index date: whether they used the tool in the days before it.
--
-- existing: an action in days -28..-1, covered or not. new: none, and every day is covered.
-- unknown: none, and a day is not covered.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

baseline_use as (

    select * from {{ ref('int_baseline_use') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

coverage_days as (

    select * from {{ ref('int_coverage_days') }}

),

-- one index date : zero or one summary of use (none: nothing observed); many index dates : one
-- tool; one index date : one coverage day before and one at the end of the baseline.
measured as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        case
            when tool_coverage.usage_grain = 'weekly' then coalesce(baseline_use.n_week_days, 0)
            else coalesce(baseline_use.n_observed_days, 0)
        end as baseline_active_days,
        coalesce(baseline_use.n_observed_days, 0) > 0
        or (
            tool_coverage.usage_grain = 'weekly' and baseline_use.n_week_days is not null
        ) as is_active_in_baseline,
        at_baseline_end.n_covered_so_far - before_baseline.n_covered_so_far as n_covered_days

    from index_dates

    inner join tool_coverage
        on index_dates.tool_id = tool_coverage.tool_id

    left join baseline_use
        on index_dates.employee_id = baseline_use.employee_id
        and index_dates.tool_id = baseline_use.tool_id
        and index_dates.completion_date = baseline_use.completion_date

    inner join coverage_days as before_baseline
        on index_dates.tool_id = before_baseline.tool_id
        and {{ add_days('index_dates.completion_date', '-' ~ (var('baseline_days') + 1)) }}
        = before_baseline.covered_day

    inner join coverage_days as at_baseline_end
        on index_dates.tool_id = at_baseline_end.tool_id
        and {{ add_days('index_dates.completion_date', -1) }} = at_baseline_end.covered_day

),

baselines as (

    select
        employee_id,
        tool_id,
        completion_date,
        baseline_active_days,
        case
            when is_active_in_baseline then 'existing'
            when n_covered_days = {{ var('baseline_days') }} then 'new'
            else 'unknown'
        end as baseline_status

    from measured

)

select * from baselines
