-- One row per row delivered. The newest snapshot replaces the older ones. Two people may claim one
-- alias on the same day; both claims stay, the conflict is judged downstream.

{% set columns = {
    'employee_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'valid_from': 'date',
    'valid_to': 'date',
    'method': 'text',
    'confidence': 'text',
} %}
{% set required_values = ['employee_id', 'alias_type', 'alias_value'] %}

with

source as (

    select * from {{ source('generic_hris', 'identity_aliases') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_hris', 'identity_aliases'), columns) }},
        {{ contract_problem(source('generic_hris', 'identity_aliases'), columns, required_values) }}
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
                employee_id, alias_type, alias_value, valid_from,
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
        coalesce(cast(employee_id as string), '')
        || '|' || coalesce(cast(alias_type as string), '')
        || '|' || coalesce(cast(alias_value as string), '')
        || '|' || coalesce(cast(valid_from as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
