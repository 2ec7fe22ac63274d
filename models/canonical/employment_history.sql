-- One row per employee, valid_from and seq, and per recorded version of it.
--
-- Versions are told apart downstream: the greatest recorded_at wins there.

{% set columns = {
    'employee_id': 'string',
    'valid_from': 'date',
    'valid_to': 'date',
    'seq': 'bigint',
    'manager_employee_id': 'string',
    'job_title': 'string',
    'job_family': 'string',
    'role_group': 'string',
    'department': 'string',
    'division': 'string',
    'location': 'string',
    'cost_center': 'string',
    'employment_status': 'string',
    'is_primary': 'boolean',
    'valid_basis': 'string',
    'recorded_at': 'timestamp',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('employment_history', columns) }}
)

select * from rows_of_all_vendors
