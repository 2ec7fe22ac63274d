-- One row per row delivered. An event that is delivered again replaces its earlier copy, so a later
-- copy with is_voided withdraws it. Text without a time part is a date, whatever time_precision
-- says.

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

with

source as (

    select * from {{ source('generic_lms', 'learning_events') }}

),

parsed as (

    select
        {{ contract_columns(source('generic_lms', 'learning_events'), columns) }},
        {{ contract_problem(source('generic_lms', 'learning_events'), columns, required_values) }}
            as problem,
        substr({{ clean_text('occurred_at') }}, 1, 10) as occurred_date_text,
        length({{ clean_text('occurred_at') }}) <= 10 as has_no_time,
        {{ row_as_text(columns) }} as delivered_text,
        source_file,
        extracted_at

    from source

),

-- A date keeps the day that was written, not the day it falls on in UTC.
checked as (

    select
        event_id,
        alias_type,
        alias_value,
        course_id,
        attempt_id,
        event_type,
        case
            when has_no_time or time_precision = 'date'
                then cast({{ try_cast('occurred_date_text', 'date') }} as timestamp)
            else occurred_at
        end as occurred_at,
        case when has_no_time then 'date' else coalesce(time_precision, 'instant') end
            as time_precision,
        received_at,
        score_scaled,
        success,
        duration_seconds,
        is_required,
        is_voided,
        raw_status,
        case
            when problem is not null then problem
            when event_type not in (
                'assigned', 'enrolled', 'started', 'progressed', 'completed', 'passed', 'failed',
                'withdrawn', 'waived', 'satisfied'
            ) then 'bad_event_type'
        end as problem,
        delivered_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        {{ columns | join(',\n        ') }},
        problem,
        delivered_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by
                event_id,
                problem is null
            order by extracted_at desc, source_file desc, delivered_text desc
        ) as delivery_rank

    from checked

),

judged as (

    select
        {{ columns | join(',\n        ') }},
        case
            when problem is not null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when problem is not null then problem
            when delivery_rank > 1 then 'delivered_again'
        end as status_reason,
        delivered_text as raw_text,
        event_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
