-- One row per enabled feed: rows in its raw relation, counted without any staging logic.
--
-- A JSON document counts as the number of its elements, where the catalog says how to count them.

with

counted as (
    {% for feed in enabled_feeds() %}
    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        cast(coalesce({{ feed.count_rows }}, 0) as bigint) as n_rows

    from {{ source(feed.source, feed.feed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
