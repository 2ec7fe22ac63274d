-- One row per event of a source, as its newest delivery tells it. Staging has dropped older copies.

{% set columns = {
    'event_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'course_id': 'string',
    'attempt_id': 'string',
    'event_type': 'string',
    'occurred_at': 'timestamp',
    'time_precision': 'string',
    'received_at': 'timestamp',
    'score_scaled': 'double',
    'success': 'boolean',
    'duration_seconds': 'double',
    'is_required': 'boolean',
    'is_voided': 'boolean',
    'raw_status': 'string',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('learning_events', columns) }}
)

select * from rows_of_all_vendors
