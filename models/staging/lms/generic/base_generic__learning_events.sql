-- One row per row delivered. An event that is delivered again replaces its earlier copy, so a later
-- copy with is_voided withdraws it. Text without a time part is a date, whatever time_precision
-- says.
{{ config(materialized='table') }}

{% set columns = {
    'event_id': 'text',
    'alias_type': 'code',
    'alias_value': 'alias',
    'course_id': 'text',
    'attempt_id': 'text',
    'event_type': 'code',
    'occurred_at': 'timestamp',
    'time_precision': 'code',
    'received_at': 'timestamp',
    'score_scaled': 'double',
    'success': 'boolean',
    'duration_seconds': 'double',
    'is_required': 'boolean',
    'is_voided': 'boolean',
    'raw_status': 'text',
} %}
{% set required_values = [
    'event_id', 'alias_type', 'alias_value', 'course_id', 'event_type', 'occurred_at',
] %}
{% set key = ['event_id'] %}
{% set event_types = [
    'assigned', 'enrolled', 'started', 'progressed', 'completed', 'passed', 'failed', 'withdrawn',
    'waived', 'satisfied',
] %}
{% set written = written_day(source('generic_lms', 'learning_events'), 'occurred_at') %}

with

source as (

    select * from {{ source('generic_lms', 'learning_events') }}

),

parsed as (

    {{ parse_feed_rows(
        source('generic_lms', 'learning_events'), columns, required_values,
        codes={'event_type': event_types},
        extra={'written_date': written.day, 'has_no_time': written.is_date}
    ) }}

),

-- A date keeps the day that was written, not the day it falls on in UTC.
dated as (

    select
        event_id,
        alias_type,
        alias_value,
        course_id,
        attempt_id,
        event_type,
        case
            when has_no_time or time_precision = 'date' then cast(written_date as timestamp)
            else occurred_at
        end as occurred_at,
        case
            when has_no_time then 'date'
            else coalesce(time_precision, 'instant')
        end as time_precision,
        received_at,
        score_scaled,
        success,
        duration_seconds,
        is_required,
        is_voided,
        raw_status,
        problem,
        raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    {{ rank_feed_rows(columns, key, rows='dated') }}

),

judged as (

    {{ judge_feed_rows(columns, key, 'delivered_again') }}

)

select * from judged
