-- One row per claim that an alias belongs to an employee from a date on.
--
-- Two employees may claim one alias; the conflict is judged downstream, by date.

{% set columns = {
    'employee_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'valid_from': 'date',
    'valid_to': 'date',
    'method': 'string',
    'confidence': 'string',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('identity_aliases', columns) }}
)

select * from rows_of_all_vendors
