-- One row per employee, weekly tool and index date with an active week: which weeks of the curve
-- have it as their block.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

windows as (

    select * from {{ ref('int_curve_windows') }}

    where usage_grain = 'weekly'

),

usage_weeks as (

    select * from {{ ref('int_usage_weeks') }}

    where
        is_judged_week
        and is_active

),

-- many index dates : zero or one window of a weekly tool; daily tools are excluded. one index date
-- : many active weeks of the person, those far away included; people without one match nothing.
active_weeks as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        windows.shift_before,
        windows.shift_after,
        {{ days_between('usage_weeks.period_end', 'index_dates.completion_date') }} as end_day

    from index_dates

    inner join windows
        on index_dates.tool_id = windows.tool_id
        and index_dates.completion_date = windows.completion_date

    inner join usage_weeks
        on index_dates.employee_id = usage_weeks.employee_id
        and index_dates.tool_id = usage_weeks.tool_id

),

weekly_use as (

    select
        employee_id,
        tool_id,
        completion_date,
        bit_or({{ curve_weeks_where(
            'end_day = {last_day} - {shift}', 'shift_before', 'shift_after'
        ) }}) as weeks_of_use

    from active_weeks

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from weekly_use
