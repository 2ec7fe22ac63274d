-- One row per delivered row that could not be used, with the reason and the row as it came.
--
-- Each is counted in feed_row_counts. A CSV line with a wrong number of fields reaches no base
-- model and comes from the reading of the files. A file that failed its check is one row here, for
-- all of its rows: they are not read. One in which nobody can count rows stands for one.

with

base_rows as (
    {% for feed in enabled_feeds() %}
    select
        '{{ feed.vendor }}' as source_system,
        '{{ feed.feed }}' as feed,
        row_status,
        status_reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from {{ ref('base_' ~ feed.vendor ~ '__' ~ feed.feed) }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

quarantined as (

    select
        source_system,
        feed,
        reason,
        raw_text,
        cast(null as string) as source_record_id,
        source_file,
        extracted_at,
        cast(1 as bigint) as n_rows

    from {{ ref('stg_intake__rejected_rows') }}

    union all

    select
        source_system,
        feed,
        'failed_delivery_check' as reason,
        reason as raw_text,
        cast(null as string) as source_record_id,
        source_file,
        cast(file_date as timestamp) as extracted_at,
        greatest(n_rows, 1) as n_rows

    from {{ ref('stg_intake__delivery_checks') }}

    where verdict = 'failed'

    union all

    select
        source_system,
        feed,
        status_reason as reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at,
        cast(1 as bigint) as n_rows

    from base_rows

    where row_status = 'quarantined'

)

select * from quarantined
