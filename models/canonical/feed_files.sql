-- One row per source and feed that has files: how many, and the date of the newest.
--
-- Counts files that hold no rows, too: they are deliveries. An absent feed has no row.

with

read_files as (

    select * from {{ ref('stg_intake__read_files') }}

),

per_feed as (

    select
        source_system,
        category,
        feed,
        max(file_date) as newest_file_date,
        cast(count(*) as bigint) as n_files

    from read_files

    group by source_system, category, feed

)

select * from per_feed
