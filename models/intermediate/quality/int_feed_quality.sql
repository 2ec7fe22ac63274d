-- One row per source, raw feed, check and reason: how late its files are, and how many of its rows
-- were refused or are not accounted for.
--
-- `quarantine` has one row for all reasons and one for each, beside all rows of the feed.

with

feeds as (

    select * from {{ ref('int_feed_intake') }}

),

quarantined_rows as (

    select * from {{ ref('quarantined_rows') }}

),

refused as (

    select
        source_system,
        feed,
        'all' as reason,
        n_rows_in,
        n_rows_quarantined as n_rows,
        newest_file_date

    from feeds

    union all

    select
        source_system,
        feed,
        reason,
        0 as n_rows_in,
        sum(n_rows) as n_rows,
        cast(null as date) as newest_file_date

    from quarantined_rows

    group by source_system, feed, reason

),

checks as (

    select
        source_system,
        feed,
        'freshness' as check_name,
        'all' as reason,
        n_files as n_checked,
        cast({{ days_between('newest_date_of_all', 'newest_file_date') }} as bigint)
            as n_affected,
        newest_file_date as last_date

    from feeds

    union all

    select
        source_system,
        feed,
        'row_balance' as check_name,
        'all' as reason,
        n_rows_in as n_checked,
        abs(n_rows_in - n_rows_accounted_for) as n_affected,
        newest_file_date as last_date

    from feeds

    union all

    select
        source_system,
        feed,
        'quarantine' as check_name,
        reason,
        cast(sum(n_rows_in) over (partition by source_system, feed) as bigint) as n_checked,
        cast(n_rows as bigint) as n_affected,
        max(newest_file_date) over (partition by source_system, feed) as last_date

    from refused

)

select * from checks
