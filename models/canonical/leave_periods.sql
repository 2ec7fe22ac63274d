-- One row per employee and first day of leave.

{% set columns = {
    'employee_id': 'string',
    'leave_start': 'date',
    'leave_end': 'date',
    'leave_type': 'string',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('leave_periods', columns) }}
)

select * from rows_of_all_vendors
