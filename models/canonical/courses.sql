-- One row per course of a source. course_id starts with the source's name.

{% set columns = {
    'course_id': 'string',
    'source_course_id': 'string',
    'version': 'string',
    'title': 'string',
    'provider': 'string',
    'kind': 'string',
    'delivery_format': 'string',
    'is_role_specific': 'boolean',
    'duration_minutes': 'double',
    'published_at': 'timestamp',
    'last_updated_at': 'timestamp',
    'parent_course_id': 'string',
    'equivalent_to': 'string',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('courses', columns) }}
)

select * from rows_of_all_vendors
