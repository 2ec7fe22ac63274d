-- One row per row delivered: what arrived, for which days. A delivery that is reported again
-- replaces its earlier report.

{% set columns = {
    'feed': 'code',
    'tool_id': 'text',
    'delivery_id': 'text',
    'received_at': 'timestamp',
    'date_from': 'date',
    'date_to': 'date',
    'max_complete_date': 'date',
    'row_count': 'bigint',
    'population_scope': 'code',
    'is_concealed': 'boolean',
    'is_failed': 'boolean',
} %}
{% set required_values = ['feed', 'delivery_id'] %}

with

source as (

    select * from {{ source('generic_usage', 'deliveries') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_usage', 'deliveries'), columns) }},
        {{ contract_problem(source('generic_usage', 'deliveries'), columns, required_values) }}
            as problem,
        {{ row_as_text(columns) }} as delivered_text,
        source_file,
        extracted_at

    from source

),

ranked as (

    select
        {{ columns | join(',\n        ') }},
        problem,
        delivered_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by
                feed, tool_id, delivery_id,
                problem is null
            order by extracted_at desc, source_file desc, delivered_text desc
        ) as delivery_rank

    from parsed

),

judged as (

    select
        {{ columns | join(',\n        ') }},
        case
            when problem is not null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when problem is not null then problem
            when delivery_rank > 1 then 'delivered_again'
        end as status_reason,
        delivered_text as raw_text,
        coalesce(cast(feed as string), '')
        || '|' || coalesce(cast(tool_id as string), '')
        || '|' || coalesce(cast(delivery_id as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
