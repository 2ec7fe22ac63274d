-- One row per employee, tool and index date with use in the days before it: active days.
--
-- Daily tools count observed days; weekly tools the active days of weeks wholly in the baseline,
-- and an observed first or last active date still proves use.

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

-- one index date : many active weeks that lie wholly in the baseline. Others match nothing.
weekly_use as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        usage_weeks.active_days

    from index_dates

    inner join usage_weeks
        on index_dates.employee_id = usage_weeks.employee_id
        and index_dates.tool_id = usage_weeks.tool_id
        and {{ add_days('index_dates.completion_date', '-' ~ var('baseline_days')) }}
        <= usage_weeks.period_start
        and index_dates.completion_date > usage_weeks.period_end

),

observed as (

    select
        employee_id,
        tool_id,
        completion_date,
        1 as n_observed_days,
        cast(null as bigint) as n_week_days

    from learner_tool_days

    union all

    select
        employee_id,
        tool_id,
        completion_date,
        0 as n_observed_days,
        active_days as n_week_days

    from weekly_use

),

baseline_use as (

    select
        employee_id,
        tool_id,
        completion_date,
        cast(sum(n_observed_days) as integer) as n_observed_days,
        cast(sum(n_week_days) as integer) as n_week_days

    from observed

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from baseline_use
