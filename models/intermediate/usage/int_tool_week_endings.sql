-- One row per tool with period rows: the weekday (1 Monday … 7 Sunday) its weeks end on, read from
-- its latest seven-day row.

with

usage_periods as (

    select * from {{ ref('tool_usage_period') }}

),

latest as (

    select
        tool_id,
        max(period_end) as latest_period_end

    from usage_periods

    where {{ days_between('period_end', 'period_start') }} = 6

    group by tool_id

),

week_endings as (

    select
        tool_id,
        {{ iso_weekday('latest_period_end') }} as week_end_weekday

    from latest

)

select * from week_endings
