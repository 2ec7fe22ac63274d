-- One row per employee, tool and last day of use before at least 28 days (var lapse_days) without
-- observed use; the last day of all is one, too.
--
-- Days are first taken together by ISO week: within a week no pause is that long, and a window over
-- weeks has far fewer rows.

with

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

of_weeks as (

    select
        employee_id,
        tool_id,
        usage_date,
        {{ monday_of('usage_date') }} as week_start_date

    from usage_days

),

weeks as (

    select
        employee_id,
        tool_id,
        min(usage_date) as first_use_date,
        max(usage_date) as last_use_date

    from of_weeks

    group by
        employee_id,
        tool_id,
        week_start_date

),

with_next as (

    select
        employee_id,
        tool_id,
        last_use_date,
        lead(first_use_date) over (
            partition by employee_id, tool_id
            order by last_use_date
        ) as next_use_date

    from weeks

),

pauses as (

    select
        employee_id,
        tool_id,
        last_use_date

    from with_next

    where
        next_use_date is null
        or {{ days_between('next_use_date', 'last_use_date') }} > {{ var('lapse_days') }}

)

select * from pauses
