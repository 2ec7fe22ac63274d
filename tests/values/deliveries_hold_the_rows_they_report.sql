-- Finds tools and days on which a feed of daily use in the generic format delivered other rows than
-- its own report (`deliveries.row_count`) says it sent: more than one row, and more than 2%.
-- When it matters: always; a day that comes without its rows, or with half of them, is taken for a
-- day without use, because the report says that it was delivered.
-- How to fix: have the file of that day sent again. Warns only, because row_count is what a sender
-- says, and may count a header.
{{ config(
    severity='warn',
    enabled='generic' in var('enabled_sources'),
    meta={'joins': [{
        'name': 'reported_days_to_failed_files',
        'join': 'failed_dates',
        'kind': 'equality',
        'keys': [['delivered_date', 'delivered_date']],
        'cardinality': 'many_to_one',
    }]}
) }}

with

delivered_rows as (

    select * from {{ ref('base_generic__tool_usage_daily') }}

),

reports as (

    select * from {{ ref('stg_generic__deliveries') }}

    where feed = 'tool_usage_daily'

),

-- A file that failed its check is not read; that is told.
failed_dates as (

    select distinct cast(received_at as date) as delivered_date

    from {{ ref('stg_intake__failed_deliveries') }}

    where feed = 'tool_usage_daily'

),

counted as (

    select
        tool_id,
        cast(extracted_at as date) as delivered_date,
        1 as n_rows,
        0 as n_reported,
        0 as is_reported,
        0 as is_unknown

    from delivered_rows

    union all

    select
        tool_id,
        cast(received_at as date) as delivered_date,
        0 as n_rows,
        coalesce(row_count, 0) as n_reported,
        1 as is_reported,
        case when row_count is null or coalesce(is_failed, false) then 1 else 0 end as is_unknown

    from reports

    where received_at is not null

),

per_day as (

    select
        tool_id,
        delivered_date,
        sum(n_rows) as n_rows,
        sum(n_reported) as n_reported,
        max(is_reported) as is_reported,
        max(is_unknown) as is_unknown

    from counted

    group by tool_id, delivered_date

),

-- many days : zero or one date of failed files. Days with one are left out.
broken as (

    select
        per_day.tool_id,
        per_day.delivered_date,
        per_day.n_rows,
        per_day.n_reported

    from per_day

    left join failed_dates
        on per_day.delivered_date = failed_dates.delivered_date

    where
        per_day.is_reported = 1
        and per_day.is_unknown = 0
        and abs(per_day.n_rows - per_day.n_reported) > greatest(1, 0.02 * per_day.n_reported)
        and failed_dates.delivered_date is null

)

select * from broken
