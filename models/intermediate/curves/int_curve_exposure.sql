-- One row per employee, tool and index date: in which weeks the unit is at risk, and through which
-- day it is observed.
--
-- Nothing here looks at use. A week that is neither open nor at risk was not judged: the person
-- left, a feed has a gap, the seat is unknown or missing, or the person was on leave.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

windows as (

    select * from {{ ref('int_curve_windows') }}

),

employment as (

    select * from {{ ref('int_curve_employment') }}

),

licences as (

    select * from {{ ref('int_curve_licences') }}

),

leave_sets as (

    select * from {{ ref('int_curve_leave') }}

),

-- many index dates : one window; one index date : zero or one set of weeks employed, licensed
-- (none: no seat) and on leave.
joined as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        windows.usage_grain,
        windows.open_weeks,
        windows.covered_weeks & coalesce(employment.employed_weeks, 0) & case
            when windows.is_sold_by_seat then coalesce(licences.licensed_weeks, 0)
            else windows.covered_weeks
        end as licensed_weeks,
        coalesce(leave_sets.leave_weeks, 0) as leave_weeks,
        least(windows.n_observed_days, coalesce(employment.n_employed_days, 0)) as n_observed_days

    from index_dates

    inner join windows
        on index_dates.tool_id = windows.tool_id
        and index_dates.completion_date = windows.completion_date

    left join employment
        on index_dates.employee_id = employment.employee_id
        and index_dates.tool_id = employment.tool_id
        and index_dates.completion_date = employment.completion_date

    left join licences
        on index_dates.employee_id = licences.employee_id
        and index_dates.tool_id = licences.tool_id
        and index_dates.completion_date = licences.completion_date

    left join leave_sets
        on index_dates.employee_id = leave_sets.employee_id
        and index_dates.tool_id = leave_sets.tool_id
        and index_dates.completion_date = leave_sets.completion_date

),

exposure as (

    select
        employee_id,
        tool_id,
        completion_date,
        usage_grain,
        open_weeks,
        licensed_weeks - (licensed_weeks & leave_weeks) as at_risk_weeks,
        n_observed_days

    from joined

)

select * from exposure
