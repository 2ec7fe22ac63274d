-- One row per unbroken run of days that the web logs cover; both days inside.
--
-- A gateway reports no deliveries, so its days are inferred: those with a request to an AI tool and
-- those between two of them, unless more than web_log_gap_days lie between (then nobody knows what
-- happened there), less the days of files that failed their check. Of several gateways any covers a
-- day.

with

web_use as (

    select distinct
        source_system,
        usage_date

    from {{ ref('web_use_daily') }}

),

failed_files as (

    select
        source_system,
        date_from,
        date_to

    from {{ ref('deliveries') }}

    where
        feed = 'web_use_daily'
        and is_unreported

),

with_earlier as (

    select
        source_system,
        usage_date,
        lag(usage_date) over (
            partition by source_system
            order by usage_date
        ) as earlier_date

    from web_use

),

-- The days that a day with requests accounts for: itself, and those since the one before it.
stretches as (

    select
        source_system,
        case
            when
                {{ days_between('usage_date', 'earlier_date') }}
                <= {{ var('web_log_gap_days') }} + 1
                then {{ add_days('earlier_date', 1) }}
            else usage_date
        end as first_day,
        usage_date as last_day

    from with_earlier

),

days as (

    select
        source_system,
        {{ date_series('first_day', 'last_day') }} as log_date

    from stretches

),

-- many days : zero or many failed files.
judged as (

    select
        days.source_system,
        days.log_date,
        count(failed_files.date_from) as n_failed_files

    from days

    left join failed_files
        on days.source_system = failed_files.source_system
        and days.log_date >= failed_files.date_from
        and days.log_date <= failed_files.date_to

    group by
        days.source_system,
        days.log_date

),

covered as (

    select distinct log_date

    from judged

    where n_failed_files = 0

),

-- Days of one run have one day before it.
numbered as (

    select
        log_date,
        {{ add_days('log_date', '-row_number() over (order by log_date)') }} as day_before_run

    from covered

),

spans as (

    select
        min(log_date) as date_from,
        max(log_date) as date_to

    from numbered

    group by day_before_run

)

select * from spans
