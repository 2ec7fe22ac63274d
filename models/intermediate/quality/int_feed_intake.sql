-- One row per source and enabled raw feed: what came as files and rows, and what became of the
-- rows.
--
-- An enabled feed without files is a row too. newest_date_of_all is the day nothing is newer than:
-- lateness is counted from it, because nothing here reads the clock.

with

feed_files as (

    select * from {{ ref('feed_files') }}

),

feed_row_counts as (

    select * from {{ ref('feed_row_counts') }}

),

parts as (

    select
        source_system,
        feed,
        n_files,
        newest_file_date,
        0 as n_rows_in,
        0 as n_rows_quarantined,
        0 as n_rows_accounted_for

    from feed_files

    union all

    select
        source_system,
        feed,
        0 as n_files,
        cast(null as date) as newest_file_date,
        n_rows_in,
        n_rows_quarantined,
        n_rows_kept + n_rows_quarantined + n_rows_superseded as n_rows_accounted_for

    from feed_row_counts

),

per_feed as (

    select
        source_system,
        feed,
        cast(sum(n_files) as bigint) as n_files,
        max(newest_file_date) as newest_file_date,
        cast(sum(n_rows_in) as bigint) as n_rows_in,
        cast(sum(n_rows_quarantined) as bigint) as n_rows_quarantined,
        cast(sum(n_rows_accounted_for) as bigint) as n_rows_accounted_for

    from parts

    group by source_system, feed

),

feeds as (

    select
        source_system,
        feed,
        n_files,
        newest_file_date,
        max(newest_file_date) over () as newest_date_of_all,
        n_rows_in,
        n_rows_quarantined,
        n_rows_accounted_for

    from per_feed

)

select * from feeds
