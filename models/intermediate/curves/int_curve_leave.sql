-- One row per employee, tool and index date with leave: the weeks that count as leave.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

windows as (

    select * from {{ ref('int_curve_windows') }}

),

leave_intervals as (

    select * from {{ ref('int_leave_intervals') }}

),

-- one index date : the leaves of the person, those far away included; most people have none and
-- match nothing. many index dates : one window.
leaves as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        windows.shift_before,
        windows.shift_after,
        {{ days_between('leave_intervals.leave_start', 'index_dates.completion_date') }}
            as from_day,
        {{ days_between('leave_intervals.leave_end', 'index_dates.completion_date') }} as to_day

    from index_dates

    inner join windows
        on index_dates.tool_id = windows.tool_id
        and index_dates.completion_date = windows.completion_date

    inner join leave_intervals
        on index_dates.employee_id = leave_intervals.employee_id

),

-- Leaves of one person never overlap, so their days in a week add up.
leave_sets as (

    {% set days_of_week = 'sum(greatest(0, least(to_day, {last_day} - {shift})'
        ~ ' - greatest(from_day, {first_day} - {shift}) + 1))' %}
    select
        employee_id,
        tool_id,
        completion_date,
        {{ curve_weeks_where(is_on_leave(days_of_week), 'shift_before', 'shift_after') }}
            as leave_weeks

    from leaves

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from leave_sets
