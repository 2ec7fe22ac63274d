-- One row per survey response and question.

{% set columns = {
    'response_id': 'string',
    'alias_type': 'string',
    'alias_value': 'string',
    'survey_kind': 'string',
    'question_id': 'string',
    'value_number': 'double',
    'value_text': 'string',
    'responded_at': 'timestamp',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('surveys', columns) }}
)

select * from rows_of_all_vendors
