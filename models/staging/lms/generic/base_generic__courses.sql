-- One row per row of the newest snapshot, which replaces the older ones, so a course that is no
-- longer in it is withdrawn.
{{ config(materialized='table') }}

{% set columns = {
    'course_id': 'text',
    'source_course_id': 'text',
    'version': 'text',
    'title': 'text',
    'provider': 'text',
    'kind': 'code',
    'delivery_format': 'text',
    'is_role_specific': 'boolean',
    'duration_minutes': 'double',
    'published_at': 'timestamp',
    'last_updated_at': 'timestamp',
    'parent_course_id': 'text',
    'equivalent_to': 'text',
} %}
{% set required_values = ['course_id'] %}
{% set key = ['course_id'] %}

with

source as (

    select * from {{ source('generic_lms', 'courses') }}

    where is_newest_delivery

),

parsed as (

    {{ parse_feed_rows(source('generic_lms', 'courses'), columns, required_values) }}

),

ranked as (

    {{ rank_feed_rows(columns, key) }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'repeated_in_snapshot') }}

)

select * from judged
