-- One row per employee, tool and ISO week (Monday to Sunday) with at least one day of use.
--
-- Weeks without use have no row. A tool that reports no counts has actions 0 in every row.

with

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

of_weeks as (

    select
        employee_id,
        tool_id,
        {{ monday_of('usage_date') }} as week_start_date,
        interactions

    from usage_days

),

active_weeks as (

    select
        employee_id,
        tool_id,
        week_start_date,
        cast(count(*) as integer) as active_days,
        cast(sum(interactions) as bigint) as actions

    from of_weeks

    group by
        employee_id,
        tool_id,
        week_start_date

)

select * from active_weeks
