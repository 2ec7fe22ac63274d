-- One row per tool, alias and first day of a seat.

{% set columns = {
    'tool_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'valid_from': 'date',
    'valid_to': 'date',
    'status': 'string',
    'monthly_cost': 'double',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('tool_licences', columns) }}
)

select * from rows_of_all_vendors
