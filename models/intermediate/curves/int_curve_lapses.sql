-- One row per employee, tool and index date with a first use of a tool that reports days: when the
-- use lapsed, in days since the first use, or until when it is known that it did not.
--
-- A lapse is established on the day with which 28 days (var lapse_days) without use are full, if
-- that day is observed. Weekly tools prove single days only: a gap between them is no gap in use.

with

index_dates as (

    select * from {{ ref('int_curve_index_dates') }}

    where
        first_use_day is not null
        and usage_grain <> 'weekly'

),

pauses as (

    select * from {{ ref('int_use_pauses') }}

),

-- one index date : the pauses since its first use; at least one, because the last day of all is
-- one.
first_pauses as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        index_dates.n_observed_days,
        index_dates.first_use_day,
        {{ days_between('min(pauses.last_use_date)', 'index_dates.completion_date') }}
        + {{ var('lapse_days') }} as lapse_day

    from index_dates

    inner join pauses
        on index_dates.employee_id = pauses.employee_id
        and index_dates.tool_id = pauses.tool_id
        and index_dates.first_use_date <= pauses.last_use_date

    group by
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        index_dates.n_observed_days,
        index_dates.first_use_day

),

lapses as (

    select
        employee_id,
        tool_id,
        completion_date,
        least(lapse_day, n_observed_days) - first_use_day as lapse_time,
        lapse_day <= n_observed_days as is_lapse

    from first_pauses

)

select * from lapses
