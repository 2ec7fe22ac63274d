-- dim_dates as BI may read it: nothing in it is about a person.

with

dim_dates as (

    select * from {{ ref('dim_dates') }}

),

published as (

    select
        date_day,
        week_start_date,
        iso_weekday,
        year_month,
        quarter_of_year,
        calendar_year

    from dim_dates

)

select * from published
