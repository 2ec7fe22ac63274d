-- One row per enabled feed: rows in its raw relation, counted without any staging logic.
--
-- A JSON document counts as the number of its elements, where the catalog says how to count them.
-- Of a feed of full snapshots only the newest is read: the rows of the older ones are counted here
-- and nowhere else.

with

counted as (
    {% for feed in enabled_feeds() %}
    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        cast(coalesce({{ feed.count_rows }}, 0) as bigint) as n_rows,
        {% if feed.is_snapshot %}
        cast(coalesce(sum(case when is_newest_delivery then 0 else 1 end), 0) as bigint)
            as n_rows_in_older_snapshots
        {% else %}
        cast(0 as bigint) as n_rows_in_older_snapshots
        {% endif %}

    from {{ source(feed.source, feed.feed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
)

select * from counted
