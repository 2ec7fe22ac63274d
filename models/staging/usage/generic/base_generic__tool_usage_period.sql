-- One row per row delivered. A period that is delivered again is a restatement and replaces the
-- earlier one.

{% set columns = {
    'tool_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'period_start': 'date',
    'period_end': 'date',
    'first_active_date': 'date',
    'last_active_date': 'date',
    'active_days': 'bigint',
    'interactions': 'bigint',
} %}
{% set required_values = ['tool_id', 'alias_type', 'alias_value', 'period_start', 'period_end'] %}

with

source as (

    select * from {{ source('generic_usage', 'tool_usage_period') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_usage', 'tool_usage_period'), columns) }},
        {{ contract_problem(
            source('generic_usage', 'tool_usage_period'), columns, required_values
        ) }}
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
                tool_id, alias_type, alias_value, period_start, period_end,
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
        coalesce(cast(tool_id as string), '')
        || '|' || coalesce(cast(alias_type as string), '')
        || '|' || coalesce(cast(alias_value as string), '')
        || '|' || coalesce(cast(period_start as string), '')
        || '|' || coalesce(cast(period_end as string), '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
