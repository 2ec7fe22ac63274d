-- One row per feed, tool and delivery: what a source has delivered for which days.
--
-- received_until leaves out deliveries that had not arrived by then, also those that a file of an
-- earlier date announces. A file that failed its check is a failed delivery (is_unreported), and so
-- is what its vendor reports to have sent that day for its tools. Coverage is judged downstream.

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

with_failed_files as (
    {% for rows, is_unreported in [
        ('rows_of_all_vendors', 'false'),
        (ref('stg_intake__failed_deliveries'), 'true'),
    ] %}
    select
        {{ columns.keys() | join(',\n        ') }},
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        cast(coalesce(received_at, extracted_at) as date) as received_on,
        {{ is_unreported }} as is_unreported

    from {{ rows }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Without a tool a delivery, or a failed file, speaks for all of its feed.
with_verdict as (

    select
        {{ columns.keys() | join(',\n        ') }},
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        is_unreported,
        bool_or(is_unreported) over (
            partition by source_system, feed, received_on
        ) as has_failed_file_of_feed,
        bool_or(is_unreported and tool_id is null) over (
            partition by source_system, feed, received_on
        ) as has_failed_file_without_tool,
        bool_or(is_unreported) over (
            partition by source_system, feed, received_on, tool_id
        ) as has_failed_file_of_tool

    from with_failed_files

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
        case
            when has_failed_file_without_tool or has_failed_file_of_tool then true
            when tool_id is null and has_failed_file_of_feed then true
            else is_failed
        end as is_failed,
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        is_unreported

    from with_verdict
    {% if var('received_until') %}
    where
        received_at is null
        or cast(received_at as date) <= cast('{{ var("received_until") }}' as date)
    {% endif %}

)

select * from received
