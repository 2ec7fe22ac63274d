-- One row per tool, alias and reported period.

{% set columns = {
    'tool_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'period_start': 'date',
    'period_end': 'date',
    'first_active_date': 'date',
    'last_active_date': 'date',
    'active_days': 'bigint',
    'interactions': 'bigint',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('tool_usage_period', columns) }}
)

select * from rows_of_all_vendors
