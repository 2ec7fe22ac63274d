-- One row per subject, metric and period.

{% set columns = {
    'subject_type': 'string',
    'subject_id': 'string',
    'metric_id': 'string',
    'period_start': 'date',
    'period_end': 'date',
    'value': 'double',
    'exposure': 'double',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('outcomes', columns) }}
)

select * from rows_of_all_vendors
