-- One row per delivered transcript row: one learner, learning object and registration, as it was
-- when touched.
--
-- The exporter sends a registration again whenever it is touched; the latest touch that can be read
-- stays. reg_num counts registrations, so retakes and renewals are rows of their own.

with

source_rows as (

    select * from {{ source('cornerstone', 'transcript_core') }}

),

typed as (

    select
        {{ clean_alias('transc_user_id') }} as user_id,
        {{ clean_text('transc_object_id') }} as object_id,
        {{ try_cast('reg_num', 'bigint') }} as reg_num,
        {{ clean_text('user_lo_status_id') }} as status_id,
        {{ clean_text('user_lo_assigned_dt') }} as assigned_text,
        {{ clean_text('user_lo_start_dt') }} as started_text,
        {{ clean_text('user_lo_last_access_dt') }} as last_access_text,
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
        {{ delivered_row('cornerstone', 'transcript_core') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

checked as (

    select
        *,
        case
            when user_id is null then 'missing_transc_user_id'
            when object_id is null then 'missing_transc_object_id'
            when reg_num is null then 'missing_reg_num'
            when touched_at is null then 'bad_last_touched_dt_utc'
            when assigned_text is not null and assigned_at is null then 'bad_user_lo_assigned_dt'
            when completed_text is not null and completed_at is null then 'bad_user_lo_comp_dt'
            -- Read as absent, these two would turn a completion into an administrator's mark.
            when started_text is not null and started_at is null then 'bad_user_lo_start_dt'
            when last_access_text is not null and last_access_at is null
                then 'bad_user_lo_last_access_dt'
        end as quarantine_reason

    from typed

),

with_raw_text as (

    select
        *,
        case when quarantine_reason is not null then delivered_text end as raw_text

    from checked

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

    from with_raw_text

),

judged as (

    select
        user_id,
        object_id,
        reg_num,
        status_id,
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
        raw_text,
        coalesce(user_id, '') || '|' || coalesce(object_id, '') || '|'
        || coalesce(cast(reg_num as string), '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
