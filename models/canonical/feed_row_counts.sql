-- One row per source and feed: rows delivered, and what became of them.
--
-- n_rows_in is counted from the raw files, the others from the base models, so that their sum
-- proves that no row was lost on the way. Files that failed their check are not read: their rows
-- are those the check counted (one where it could count none), all of them quarantined.

with

-- Counted before they are put together: few rows of each feed.
base_rows as (
    {% for feed in enabled_feeds() %}
    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        row_status,
        count(*) as n_rows

    from {{ ref('base_' ~ feed.vendor ~ '__' ~ feed.feed) }}

    group by row_status
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

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
        greatest(n_rows, 1) as n_rows_in,
        0 as n_rows_kept,
        greatest(n_rows, 1) as n_rows_quarantined,
        0 as n_rows_superseded

    from {{ ref('stg_intake__delivery_checks') }}

    where verdict = 'failed'

    union all

    select
        source_system,
        feed,
        0 as n_rows_in,
        case when row_status = 'kept' then n_rows else 0 end as n_rows_kept,
        case when row_status = 'quarantined' then n_rows else 0 end as n_rows_quarantined,
        case when row_status = 'superseded' then n_rows else 0 end as n_rows_superseded

    from base_rows

),

per_feed as (

    select
        source_system,
        feed,
        cast(sum(n_rows_in) as bigint) as n_rows_in,
        cast(sum(n_rows_kept) as bigint) as n_rows_kept,
        cast(sum(n_rows_quarantined) as bigint) as n_rows_quarantined,
        cast(sum(n_rows_superseded) as bigint) as n_rows_superseded

    from counts

    group by source_system, feed

)

select * from per_feed
