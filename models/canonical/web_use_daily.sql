-- One row per source, person, domain of an AI tool and day: allowed requests seen by a web gateway.
-- It says which tools people open, approved or not; it is no use of a measured tool.

{% set columns = {
    'alias_type': 'string',
    'alias_value': 'string',
    'domain': 'string',
    'tool_name': 'string',
    'usage_date': 'date',
    'n_requests': 'bigint',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('web_use_daily', columns) }}
)

select * from rows_of_all_vendors
