-- One row per employee, tool and index date with a seat near it: the weeks with a licensed day;
-- only tools sold by seat.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

windows as (

    select * from {{ ref('int_curve_windows') }}

),

seat_intervals as (

    select * from {{ ref('int_seat_intervals') }}

),

-- one index date : the seats of the person and tool, those far away included; people without a
-- seat match nothing. many index dates : one window.
seats as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        windows.shift_before,
        windows.shift_after,
        {{ days_between('seat_intervals.valid_from', 'index_dates.completion_date') }}
            as from_day,
        {{ days_between('seat_intervals.valid_to', 'index_dates.completion_date') }} as to_day

    from index_dates

    inner join windows
        on index_dates.tool_id = windows.tool_id
        and index_dates.completion_date = windows.completion_date

    inner join seat_intervals
        on index_dates.employee_id = seat_intervals.employee_id
        and index_dates.tool_id = seat_intervals.tool_id

),

licences as (

    select
        employee_id,
        tool_id,
        completion_date,
        bit_or({{ curve_weeks_where(
            'from_day <= {last_day} - {shift} and to_day > {first_day} - {shift}',
            'shift_before', 'shift_after'
        ) }}) as licensed_weeks

    from seats

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from licences
