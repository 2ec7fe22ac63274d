-- One row per event, its newest delivery. course_id gets the source's name in front, as in courses.

with

delivered_rows as (

    select * from {{ ref('base_generic__learning_events') }}

),

renamed as (

    select
        event_id,
        alias_type,
        alias_value,
        'generic:' || course_id as course_id,
        attempt_id,
        event_type,
        occurred_at,
        time_precision,
        received_at,
        score_scaled,
        success,
        duration_seconds,
        is_required,
        is_voided,
        raw_status,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
