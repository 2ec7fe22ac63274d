-- One row per delivered row of Workday position history; only the newest full copy is kept.
-- effective_date is business time, `_fivetran_start` sync time. A version recorded later replaces
-- the earlier ones of its effective date, and (a back-dated correction) closed ones dated after it.

with

position_rows as (

    select * from {{ ref('stg_workday__position_rows') }}

),

-- Corrections are judged among the valid rows of the newest copy only.
corrections as (

    select
        worker_id,
        employee_id,
        position_id,
        effective_date,
        end_date,
        business_title,
        location,
        employee_type,
        is_external,
        is_primary,
        job_profile_id,
        recorded_at,
        recorded_until,
        quarantine_reason,
        superseded_reason,
        min(recorded_at) over (
            partition by
                worker_id,
                position_id,
                effective_date,
                quarantine_reason is null,
                superseded_reason is null
        ) as first_recorded_at,
        max(recorded_at) over (
            partition by
                worker_id,
                position_id,
                effective_date,
                quarantine_reason is null,
                superseded_reason is null
        ) as last_recorded_at,
        min(effective_date) over (
            partition by
                worker_id,
                position_id,
                quarantine_reason is null,
                superseded_reason is null
            order by recorded_at
            rows between 1 following and unbounded following
        ) as least_later_effective_date,
        raw_text,
        source_file,
        extracted_at

    from position_rows

),

judged as (

    select
        worker_id,
        employee_id,
        position_id,
        effective_date,
        end_date,
        business_title,
        location,
        employee_type,
        is_external,
        is_primary,
        job_profile_id,
        first_recorded_at,
        recorded_at,
        case
            when quarantine_reason is not null then 'quarantined'
            when superseded_reason is not null then 'superseded'
            when recorded_at < last_recorded_at then 'superseded'
            when
                effective_date > least_later_effective_date
                and recorded_until < cast('9999-01-01' as timestamp) then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when superseded_reason is not null then superseded_reason
            when recorded_at < last_recorded_at then 'corrected_later'
            when
                effective_date > least_later_effective_date
                and recorded_until < cast('9999-01-01' as timestamp) then 'corrected_later'
        end as status_reason,
        raw_text,
        worker_id || '|' || position_id || '|' || cast(recorded_at as string) as source_record_id,
        source_file,
        extracted_at

    from corrections

)

select * from judged
