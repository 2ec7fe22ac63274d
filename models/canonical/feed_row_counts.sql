-- One row per source and feed: rows delivered, and what became of them.
--
-- n_rows_in is counted from the raw files, the others from the base models, so that their sum
-- proves that no row was lost on the way. Files that failed their check are not read: their rows
-- are those the check counted (one where it could count none), all of them quarantined.

with

counts as (

    select
        source_system,
        feed,
        n_rows as n_rows_in,
        0 as n_rows_kept,
        0 as n_rows_quarantined,
        n_rows_in_older_snapshots as n_rows_superseded

    from {{ ref('stg_intake__row_counts') }}

    union all

    select
        source_system,
        feed,
        1 as n_rows_in,
        0 as n_rows_kept,
        1 as n_rows_quarantined,
        0 as n_rows_superseded

    from {{ ref('stg_intake__rejected_rows') }}

    union all

    select
        source_system,
        feed,
        greatest(coalesce(n_rows, 0), 1) as n_rows_in,
        0 as n_rows_kept,
        greatest(coalesce(n_rows, 0), 1) as n_rows_quarantined,
        0 as n_rows_superseded

    from {{ ref('stg_intake__delivery_checks') }}

    where verdict = 'failed'
    {% for feed in enabled_feeds() %}
    union all

    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        0 as n_rows_in,
        sum(case when row_status = 'kept' then 1 else 0 end) as n_rows_kept,
        sum(case when row_status = 'quarantined' then 1 else 0 end) as n_rows_quarantined,
        sum(case when row_status = 'superseded' then 1 else 0 end) as n_rows_superseded

    from {{ ref('base_' ~ feed.vendor ~ '__' ~ feed.feed) }}
    {% endfor %}
),

per_feed as (

    select
        source_system,
        feed,
        cast(coalesce(sum(n_rows_in), 0) as bigint) as n_rows_in,
        cast(coalesce(sum(n_rows_kept), 0) as bigint) as n_rows_kept,
        cast(coalesce(sum(n_rows_quarantined), 0) as bigint) as n_rows_quarantined,
        cast(coalesce(sum(n_rows_superseded), 0) as bigint) as n_rows_superseded

    from counts

    group by source_system, feed

)

select * from per_feed
