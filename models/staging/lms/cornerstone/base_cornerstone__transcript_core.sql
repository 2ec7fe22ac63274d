-- One row per delivered transcript row: one learner, learning object and registration, as it was
-- when touched.
--
-- The exporter sends a registration again whenever it is touched; the latest touch that can be read
-- stays. reg_num counts registrations, so retakes and renewals are rows of their own. What decides
-- a completion is never read as absent: the row is quarantined.

{%- set deciding = {
    '_last_touched_dt_utc': 'timestamp', 'user_lo_comp_dt': 'timestamp',
    'user_lo_assigned_dt': 'timestamp', 'user_lo_reg_dt': 'timestamp',
    'user_lo_start_dt': 'timestamp', 'user_lo_last_access_dt': 'timestamp',
    'user_lo_removed_dt': 'timestamp', 'exempt_dt': 'timestamp',
    'user_lo_minutes_participated': 'double', 'user_lo_pass': 'boolean', 'is_assigned': 'boolean',
    'is_removed': 'boolean',
} %}

with

source_rows as (

    select * from {{ source('cornerstone', 'transcript_core') }}

),

statuses as (

    select * from {{ ref('stg_cornerstone__transcript_statuses') }}

),

typed as (

    select
        {{ clean_alias('transc_user_id') }} as user_id,
        {{ clean_text('transc_object_id') }} as object_id,
        {{ try_cast('reg_num', 'bigint') }} as reg_num,
        {{ clean_text('user_lo_status_id') }} as status_id,
        {{ clean_text('user_lo_assigned_dt') }} as assigned_text,
        {{ clean_text('user_lo_comp_dt') }} as completed_text,
        {{ parse_timestamp('user_lo_assigned_dt') }} as assigned_at,
        {{ parse_timestamp('user_lo_reg_dt') }} as registered_at,
        {{ parse_timestamp('user_lo_start_dt') }} as started_at,
        {{ parse_timestamp('user_lo_comp_dt') }} as completed_at,
        {{ parse_timestamp('exempt_dt') }} as exempted_at,
        {{ parse_timestamp('user_lo_removed_dt') }} as removed_at,
        {{ parse_timestamp('user_lo_last_access_dt') }} as last_access_at,
        {{ parse_timestamp('_last_touched_dt_utc') }} as touched_at,
        {{ try_cast('user_lo_minutes_participated', 'double') }} as minutes_participated,
        {{ try_cast('user_lo_score', 'double') }} as score,
        {{ try_cast('user_lo_pass', 'boolean') }} as is_passed,
        {{ try_cast('is_assigned', 'boolean') }} as is_assigned,
        {{ try_cast('is_required', 'boolean') }} as is_required,
        {{ try_cast('is_removed', 'boolean') }} as is_removed,
        {{ clean_text('user_lo_equivalent_object_id') }} as equivalent_object_id,
        {{ unreadable_value(deciding) }} as unreadable,
        {{ delivered_row('cornerstone', 'transcript_core') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- many transcripts : zero or one status. An id neither listed nor a default is `registered`: the
-- row tells of no end, unless it has the time of one.
checked as (

    select
        typed.*,
        statuses.status,
        coalesce(statuses.meaning, 'registered') as meaning,
        case
            when typed.user_id is null then 'missing_transc_user_id'
            when typed.object_id is null then 'missing_transc_object_id'
            when typed.reg_num is null then 'missing_reg_num'
            when typed.unreadable is not null then typed.unreadable
            when typed.touched_at is null then 'missing_last_touched_dt_utc'
            when statuses.meaning is null and typed.completed_at is not null then 'unknown_status'
            when statuses.meaning like 'completed%' and typed.completed_at is null
                then 'missing_user_lo_comp_dt'
        end as quarantine_reason

    from typed

    left join statuses
        on typed.status_id = statuses.status_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by user_id, object_id, reg_num, quarantine_reason
            order by
                touched_at desc nulls last,
                extracted_at desc,
                source_file desc,
                completed_at desc nulls last,
                status_id desc nulls last,
                is_removed desc nulls last,
                score desc nulls last
        ) as touch_rank

    from checked

),

judged as (

    select
        user_id,
        object_id,
        reg_num,
        status_id,
        status,
        meaning,
        assigned_at,
        length(assigned_text) <= 10 or assigned_text like '%00:00:00%' as is_assigned_date_only,
        registered_at,
        started_at,
        completed_at,
        length(completed_text) <= 10 as is_completed_date_only,
        exempted_at,
        removed_at,
        last_access_at,
        touched_at,
        minutes_participated,
        score,
        is_passed,
        is_assigned,
        is_required,
        is_removed,
        equivalent_object_id,
        case
            when quarantine_reason is not null then 'quarantined'
            when touch_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when touch_rank > 1 then 'touched_later'
        end as status_reason,
        case when quarantine_reason is not null then delivered_text end as raw_text,
        coalesce(user_id, '') || '|' || coalesce(object_id, '') || '|'
        || coalesce(cast(reg_num as string), '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
