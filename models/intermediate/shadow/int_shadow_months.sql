-- One row per calendar month with a day that the web logs cover, up to as_of_date.
--
-- Only a whole month is counted: in a part of one fewer people would be seen, as if use had fallen.

with

spans as (

    select * from {{ ref('int_web_log_spans') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many spans : the one row of settings.
bounded as (

    select
        spans.date_from,
        least(spans.date_to, settings.as_of_date) as date_to

    from spans

    cross join settings

),

days as (

    select {{ date_series('date_from', 'date_to') }} as log_date

    from bounded

    where date_from <= date_to

),

counted as (

    select
        {{ month_of('log_date') }} as month_start,
        count(*) as n_log_days

    from days

    group by {{ month_of('log_date') }}

),

with_ends as (

    select
        month_start,
        {{ add_days(month_of(add_days('month_start', 31)), -1) }} as month_end,
        n_log_days

    from counted

),

shadow_months as (

    select
        month_start,
        month_end,
        {{ year_month('month_start') }} as usage_month,
        n_log_days = {{ days_between('month_end', 'month_start') }} + 1 as is_whole_month

    from with_ends

)

select * from shadow_months
