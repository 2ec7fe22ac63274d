-- One row per feed, tool and delivery: what a source has delivered for which days.
--
-- received_until leaves out deliveries that had not arrived by then, also those that a file of an
-- earlier date announces. Coverage is judged downstream from these rows.

{% set columns = {
    'feed': 'string',
    'tool_id': 'string',
    'delivery_id': 'string',
    'received_at': 'timestamp',
    'date_from': 'date',
    'date_to': 'date',
    'max_complete_date': 'date',
    'row_count': 'bigint',
    'population_scope': 'string',
    'is_concealed': 'boolean',
    'is_failed': 'boolean',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('deliveries', columns) }}
),

received as (

    select
        feed,
        tool_id,
        delivery_id,
        received_at,
        date_from,
        date_to,
        max_complete_date,
        row_count,
        population_scope,
        is_concealed,
        is_failed,
        source_system,
        source_record_id,
        extracted_at,
        source_file

    from rows_of_all_vendors
    {% if var('received_until') %}
    where
        received_at is null
        or cast(received_at as date) <= cast('{{ var("received_until") }}' as date)
    {% endif %}

)

select * from received
