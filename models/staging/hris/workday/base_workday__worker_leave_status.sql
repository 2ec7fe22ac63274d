-- One row per delivered row of Workday leave status (full copies, one a date). The newest copy of a
-- leave request is kept, also when it has vanished from later copies (ended leaves may be purged);
-- one that is marked deleted is not.

with

source_rows as (

    select * from {{ source('workday', 'worker_leave_status') }}

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
        {{ clean_text('leave_request_event_id') }} as leave_request_event_id,
        {{ clean_text('worker_id') }} as worker_id,
        {{ try_cast('substr(cast(leave_start_date as string), 1, 10)', 'date') }}
            as leave_start_date,
        {{ try_cast('substr(cast(leave_end_date as string), 1, 10)', 'date') }} as leave_end_date,
        {{ try_cast('substr(cast(first_day_of_work as string), 1, 10)', 'date') }}
            as first_day_of_work,
        {{ try_cast('substr(cast(estimated_leave_end_date as string), 1, 10)', 'date') }}
            as estimated_leave_end_date,
        {{ clean_text('leave_of_absence_type') }} as leave_type,
        coalesce({{ try_cast('_fivetran_deleted', 'boolean') }}, false) as is_deleted,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'worker_leave_status') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- many leave rows : zero or one worker; a row of an unknown worker is quarantined
ranked as (

    select
        typed.leave_request_event_id,
        typed.worker_id,
        workers.employee_id,
        typed.leave_start_date,
        typed.leave_end_date,
        typed.first_day_of_work,
        typed.estimated_leave_end_date,
        typed.leave_type,
        typed.is_deleted,
        case
            when
                typed.worker_id is null or typed.leave_request_event_id is null
                then 'missing_leave_key'
            when typed.leave_start_date is null then 'unreadable_leave_start'
            when typed.leave_end_date < typed.leave_start_date then 'leave_ends_before_start'
            when workers.employee_id is null then 'unknown_worker'
        end as quarantine_reason,
        row_number() over (
            partition by typed.worker_id, typed.leave_request_event_id
            order by
                typed.extracted_at desc,
                typed.source_file desc,
                typed.synced_at desc nulls last,
                typed.leave_start_date desc nulls last,
                typed.leave_end_date desc nulls last
        ) as copy_rank,
        typed.delivered_text,
        typed.source_file,
        typed.extracted_at

    from typed

    left join workers
        on typed.worker_id = workers.worker_id

),

judged as (

    select
        worker_id,
        employee_id,
        leave_request_event_id,
        leave_start_date,
        leave_end_date,
        first_day_of_work,
        estimated_leave_end_date,
        leave_type,
        case
            when quarantine_reason is not null then 'quarantined'
            when copy_rank > 1 or is_deleted then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when copy_rank > 1 then 'repeated_in_newer_copy'
            when is_deleted then 'deleted_in_source'
        end as status_reason,
        case when quarantine_reason is not null then delivered_text end as raw_text,
        worker_id || '|' || leave_request_event_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
