-- One row per delivered row of Workday position history, typed, with the worker's employee number
-- and what can be judged from the row and its copy alone. Corrections are judged in the base model.

with

source_rows as (

    select * from {{ source('workday', 'worker_position_history') }}

),

workers as (

    select
        worker_id,
        max(employee_id) as employee_id

    from {{ ref('base_workday__worker_history') }}

    where row_status = 'kept'

    group by worker_id

),

typed as (

    select
        {{ clean_text('worker_id') }} as worker_id,
        {{ clean_text('position_id') }} as position_id,
        {{ try_cast('substr(cast(effective_date as string), 1, 10)', 'date') }} as effective_date,
        {{ try_cast('substr(cast(end_date as string), 1, 10)', 'date') }} as end_date,
        {{ clean_text('business_title') }} as business_title,
        {{ clean_text('business_site_summary_location') }} as location,
        {{ clean_text('employee_type') }} as employee_type,
        coalesce({{ try_cast('external_employee', 'boolean') }}, false) as is_external,
        coalesce({{ try_cast('is_primary_job', 'boolean') }}, true) as is_primary,
        {{ clean_text('job_profile_id') }} as job_profile_id,
        {{ parse_timestamp('_fivetran_start') }} as recorded_at,
        {{ parse_timestamp('_fivetran_end') }} as recorded_until,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        coalesce({{ try_cast('_fivetran_deleted', 'boolean') }}, false) as is_deleted,
        {{ delivered_row('workday', 'worker_position_history') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- many position rows : zero or one worker; a row of an unknown worker is quarantined below
with_workers as (

    select
        typed.worker_id,
        typed.position_id,
        typed.effective_date,
        typed.end_date,
        typed.business_title,
        typed.location,
        typed.employee_type,
        typed.is_external,
        typed.is_primary,
        typed.job_profile_id,
        typed.recorded_at,
        typed.recorded_until,
        typed.source_file,
        typed.extracted_at,
        typed.synced_at,
        typed.is_deleted,
        typed.delivered_text,
        workers.employee_id,
        case
            when typed.worker_id is null or typed.position_id is null then 'missing_position_key'
            when typed.recorded_at is null then 'unreadable_sync_time'
            when typed.effective_date is null then 'unreadable_effective_date'
            when workers.employee_id is null then 'unknown_worker'
        end as quarantine_reason

    from typed

    left join workers
        on typed.worker_id = workers.worker_id

),

-- Only refused rows keep their text: it would travel through every sort below.
with_raw_text as (

    select
        *,
        case when quarantine_reason is not null then delivered_text end as raw_text

    from with_workers

),

ranked as (

    select
        *,
        max(extracted_at) over () as newest_extracted_at,
        row_number() over (
            partition by worker_id, position_id, recorded_at, extracted_at
            order by
                source_file desc,
                synced_at desc nulls last,
                effective_date desc nulls last,
                business_title asc nulls last,
                location asc nulls last,
                job_profile_id asc nulls last
        ) as copy_rank

    from with_raw_text

),

reasons as (

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
        case
            when extracted_at < newest_extracted_at then 'older_copy'
            when copy_rank > 1 then 'repeated_in_copy'
            when is_deleted then 'deleted_in_source'
        end as superseded_reason,
        raw_text,
        source_file,
        extracted_at

    from ranked

)

select * from reasons
