-- One row per thing that happened to a registration: assigned, enrolled, started and its end.
--
-- Exempt, and complete without a start, an access or a minute of attendance (an administrator's
-- mark), are `waived`: not training. Completion by an equivalent is `satisfied`. A child of a
-- curriculum is an event of its own course, never of the parent's. Times carry no zone and are UTC;
-- an assignment at midnight and a date without time are date-only.

with

transcripts as (

    select * from {{ ref('base_cornerstone__transcript_core') }}

    where row_status = 'kept'

),

ends as (

    select
        *,
        case
            when meaning = 'exempt' then 'waived'
            when meaning = 'failed' then 'failed'
            when meaning = 'completed_by_equivalent' then 'satisfied'
            when
                meaning = 'completed'
                and started_at is null
                and last_access_at is null
                and coalesce(minutes_participated, 0) = 0
                then 'waived'
            when meaning = 'completed' then 'completed'
            when meaning = 'withdrawn' or is_removed then 'withdrawn'
        end as end_type,
        case
            when meaning = 'exempt' then coalesce(exempted_at, completed_at, touched_at)
            when meaning in ('failed', 'completed', 'completed_by_equivalent')
                then coalesce(completed_at, touched_at)
            else coalesce(removed_at, touched_at)
        end as ended_at

    from transcripts

),

{% set kinds = {
    'assigned': [
        'coalesce(is_assigned, true) and assigned_at is not null',
        'assigned_at', 'is_assigned_date_only',
    ],
    'enrolled': ['registered_at is not null', 'registered_at', 'false'],
    'started': ['started_at is not null', 'started_at', 'false'],
    'ended': [
        'end_type is not null', 'ended_at',
        "is_completed_date_only and end_type <> 'withdrawn' and meaning <> 'exempt'"
    ],
} %}
events as (

    {% for kind, parts in kinds.items() %}
    select
        source_record_id || '|{{ kind }}' as event_id,
        'cornerstone_user_id' as alias_type,
        user_id as alias_value,
        'cornerstone:' || object_id as course_id,
        cast(reg_num as string) as attempt_id,
        {{ 'end_type' if kind == 'ended' else "'" ~ kind ~ "'" }} as event_type,
        {{ parts[1] }} as occurred_at,
        case when {{ parts[2] }} then 'date' else 'instant' end as time_precision,
        touched_at as received_at,
        {{ 'score / 100' if kind == 'ended' else 'cast(null as double)' }} as score_scaled,
        {{ 'is_passed' if kind == 'ended' else 'cast(null as boolean)' }} as success,
        {{ 'minutes_participated * 60' if kind == 'ended' else 'cast(null as double)' }}
            as duration_seconds,
        is_required,
        false as is_voided,
        coalesce(status, status_id) as raw_status,
        'cornerstone' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from ends

    where {{ parts[0] }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from events
