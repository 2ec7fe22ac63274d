-- One row per delivered row that could not be used, with the reason and the row as it came.
--
-- Each is counted in feed_row_counts. A CSV line with a wrong number of fields reaches no base
-- model and comes from the reading of the files.

with

quarantined as (

    select
        source_system,
        feed,
        reason,
        raw_text,
        cast(null as string) as source_record_id,
        source_file,
        extracted_at

    from {{ ref('stg_intake__rejected_rows') }}
    {% for feed in enabled_feeds() %}
    union all

    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        status_reason as reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from {{ ref('base_' ~ feed.vendor ~ '__' ~ feed.feed) }}

    where row_status = 'quarantined'
    {% endfor %}
)

select * from quarantined
