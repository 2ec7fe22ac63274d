-- One row per day from the first baseline day of any unit to the last checkpoint day; weeks start
-- on Monday.

with

coverage_days as (

    select * from {{ ref('int_coverage_days') }}

),

days as (

    select distinct covered_day as date_day

    from coverage_days

),

calendar as (

    select
        date_day,
        {{ monday_of('date_day') }} as week_start_date,
        {{ iso_weekday('date_day') }} as iso_weekday,
        {{ year_month('date_day') }} as year_month,
        cast(extract(quarter from date_day) as integer) as quarter_of_year,
        cast(extract(year from date_day) as integer) as calendar_year

    from days

)

select * from calendar
