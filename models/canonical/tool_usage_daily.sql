-- One row per source, tool, alias, usage date and surface, as its newest delivery tells it. Staging
-- has dropped what was restated.

{% set columns = {
    'tool_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'usage_date': 'date',
    'surface': 'string',
    'interactions': 'bigint',
    'sessions': 'bigint',
    'is_active': 'boolean',
    'is_final': 'boolean',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('tool_usage_daily', columns) }}
)

select * from rows_of_all_vendors
