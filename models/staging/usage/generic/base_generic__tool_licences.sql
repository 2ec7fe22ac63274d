-- One row per row delivered. The newest snapshot replaces the older ones, so a seat that is no
-- longer in it is withdrawn.

{% set columns = {
    'tool_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'valid_from': 'date',
    'valid_to': 'date',
    'status': 'code',
    'monthly_cost': 'double',
} %}
{% set required_values = ['tool_id', 'alias_type', 'alias_value'] %}

with

source as (

    select * from {{ source('generic_usage', 'tool_licences') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_usage', 'tool_licences'), columns) }},
        {{ contract_problem(source('generic_usage', 'tool_licences'), columns, required_values) }}
            as problem,
        {{ row_as_text(columns) }} as delivered_text,
        is_newest_delivery,
        source_file,
        extracted_at

    from source

),

ranked as (

    select
        {{ columns | join(',\n        ') }},
        problem,
        delivered_text,
        is_newest_delivery,
        source_file,
        extracted_at,
        row_number() over (
            partition by
                tool_id, alias_type, alias_value, valid_from,
                is_newest_delivery,
                problem is null
            order by source_file desc, delivered_text desc
        ) as delivery_rank

    from parsed

),

judged as (

    select
        {{ columns | join(',\n        ') }},
        case
            when not is_newest_delivery then 'superseded'
            when problem is not null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when not is_newest_delivery then 'older_snapshot'
            when problem is not null then problem
            when delivery_rank > 1 then 'repeated_in_snapshot'
        end as status_reason,
        delivered_text as raw_text,
        coalesce(cast(tool_id as string), '')
        || '|' || coalesce(cast(alias_type as string), '')
        || '|' || coalesce(cast(alias_value as string), '')
        || '|' || coalesce(cast(valid_from as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
