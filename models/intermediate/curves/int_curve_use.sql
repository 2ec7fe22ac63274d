-- One row per employee, tool and index date with an observed day of use in the weeks of the curve:
-- which weeks, and the first such day after day 0.

with

index_dates as (

    select * from {{ ref('int_index_dates') }}

),

usage_days as (

    select * from {{ ref('int_usage_days') }}

),

-- one index date : many observed days. Use outside the curve is excluded: no week counts it.
days_of_use as (

    select
        index_dates.employee_id,
        index_dates.tool_id,
        index_dates.completion_date,
        {{ days_between('usage_days.usage_date', 'index_dates.completion_date') }} as day_number

    from index_dates

    inner join usage_days
        on index_dates.employee_id = usage_days.employee_id
        and index_dates.tool_id = usage_days.tool_id
        and {{ add_days('index_dates.completion_date', '-' ~ 7 * var('curve_weeks_before')) }}
        <= usage_days.usage_date
        and {{ add_days('index_dates.completion_date', 7 * var('curve_weeks_after')) }}
        >= usage_days.usage_date

),

curve_use as (

    select
        employee_id,
        tool_id,
        completion_date,
        bit_or({{ curve_week_bit('day_number') }}) as weeks_of_use,
        min(case when day_number > 0 then day_number end) as first_use_day

    from days_of_use

    where day_number <> 0

    group by
        employee_id,
        tool_id,
        completion_date

)

select * from curve_use
