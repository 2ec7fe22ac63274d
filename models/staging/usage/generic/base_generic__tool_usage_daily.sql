-- One row per row delivered, kept or quarantined; restated days are superseded in the canonical
-- model. No window and no built key here: this feed has tens of millions of rows. source_record_id
-- is the alias, which with tool, day and surface is the key.

{% set columns = {
    'tool_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'usage_date': 'date',
    'surface': 'text',
    'interactions': 'bigint',
    'sessions': 'bigint',
    'is_active': 'boolean',
    'is_final': 'boolean',
} %}
{% set required_values = ['tool_id', 'alias_type', 'alias_value', 'usage_date'] %}

with

source as (

    select * from {{ source('generic_usage', 'tool_usage_daily') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_usage', 'tool_usage_daily'), columns) }},
        {{ contract_problem(
            source('generic_usage', 'tool_usage_daily'), columns, required_values
        ) }}
            as problem,
        {{ row_as_text(columns) }} as delivered_text,
        source_file,
        extracted_at

    from source

),

judged as (

    select
        {{ columns | join(',\n        ') }},
        case when problem is null then 'kept' else 'quarantined' end as row_status,
        problem as status_reason,
        case when problem is not null then delivered_text end as raw_text,
        alias_value as source_record_id,
        source_file,
        extracted_at

    from parsed

)

select * from judged
