-- One row per employee, tool and index date: whether they used the tool in the days before it.
--
-- existing: an action in days -28..-1, covered or not. new: none, and every day is covered.
-- unknown: none, and a day is not covered.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

learner_tool_days as (

    select * from {{ ref('int_learner_tool_days') }}

    where day_number <= -1

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

    where
        is_judged_week
        and is_active

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

coverage_days as (

    select * from {{ ref('int_coverage_days') }}

),

daily_use as (

    select
        employee_id,
        tool_id,
        completion_date,
        count(*) as n_active_days

    from learner_tool_days

    group by
        employee_id,
        tool_id,
        completion_date

),

-- one index date : many active weeks that lie wholly in the baseline. Others match nothing.
weekly_use as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        sum(usage_weeks.active_days) as n_active_days

    from index_dates

    inner join usage_weeks
        on index_dates.employee_id = usage_weeks.employee_id
        and index_dates.tool_id = usage_weeks.tool_id
        and usage_weeks.period_start
        >= {{ add_days('index_dates.completion_date', '-' ~ var('baseline_days')) }}
        and usage_weeks.period_end < index_dates.completion_date

    group by
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date

),

-- one index date : one tool; one index date : zero or one summary of use of each kind (none:
-- nothing observed); one index date : one coverage day before and one at the end of the baseline.
measured as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        case
            when tool_coverage.usage_grain = 'weekly'
                then cast(coalesce(weekly_use.n_active_days, 0) as integer)
            else cast(coalesce(daily_use.n_active_days, 0) as integer)
        end as baseline_active_days,
        daily_use.employee_id is not null
        or (
            tool_coverage.usage_grain = 'weekly' and weekly_use.employee_id is not null
        ) as is_active_in_baseline,
        at_baseline_end.n_covered_so_far - before_baseline.n_covered_so_far as n_covered_days

    from index_dates

    inner join tool_coverage
        on index_dates.tool_id = tool_coverage.tool_id

    left join daily_use
        on index_dates.employee_id = daily_use.employee_id
        and index_dates.tool_id = daily_use.tool_id
        and index_dates.completion_date = daily_use.completion_date

    left join weekly_use
        on index_dates.employee_id = weekly_use.employee_id
        and index_dates.tool_id = weekly_use.tool_id
        and index_dates.completion_date = weekly_use.completion_date

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
