-- One row per delivered row of Workday worker history. `_fivetran_start` is when the connector saw
-- the version (sync time), not when it took effect. Each delivery is a full copy of the history, so
-- only the newest delivery is kept: a person purged in Workday does not live on in an older copy.

with

source_rows as (

    select * from {{ source('workday', 'worker_history') }}

),

parsed as (

    select
        {{ clean_text('id') }} as worker_id,
        {{ clean_text('worker_code') }} as employee_id,
        {{ clean_alias('user_id') }} as user_id,
        {{ try_cast('substr(cast(hire_date as string), 1, 10)', 'date') }} as hire_date,
        {{ try_cast('substr(cast(original_hire_date as string), 1, 10)', 'date') }}
            as original_hire_date,
        {{ try_cast('substr(cast(termination_date as string), 1, 10)', 'date') }}
            as termination_date,
        {{ try_cast('substr(cast(end_employment_date as string), 1, 10)', 'date') }}
            as end_employment_date,
        {{ try_cast('substr(cast(active_status_date as string), 1, 10)', 'date') }}
            as active_status_date,
        coalesce({{ try_cast('terminated', 'boolean') }}, false) as is_terminated,
        coalesce({{ try_cast('hire_rescinded', 'boolean') }}, false) as is_hire_rescinded,
        {{ clean_text('home_country') }} as home_country,
        {{ clean_text('contract_vendor_name') }} as contract_vendor_name,
        {{ parse_timestamp('_fivetran_start') }} as recorded_at,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        coalesce({{ try_cast('_fivetran_deleted', 'boolean') }}, false) as is_deleted,
        {{ delivered_row('workday', 'worker_history') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        worker_id,
        employee_id,
        user_id,
        hire_date,
        original_hire_date,
        termination_date,
        end_employment_date,
        active_status_date,
        is_terminated,
        is_hire_rescinded,
        home_country,
        contract_vendor_name,
        recorded_at,
        synced_at,
        is_deleted,
        case
            when
                worker_id is null
                or employee_id is null
                or recorded_at is null
                then delivered_text
        end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        worker_id,
        employee_id,
        user_id,
        hire_date,
        original_hire_date,
        termination_date,
        end_employment_date,
        active_status_date,
        is_terminated,
        is_hire_rescinded,
        home_country,
        contract_vendor_name,
        recorded_at,
        is_deleted,
        raw_text,
        source_file,
        extracted_at,
        max(extracted_at) over () as newest_extracted_at,
        row_number() over (
            partition by worker_id, recorded_at, extracted_at
            order by
                source_file desc,
                synced_at desc nulls last,
                employee_id asc,
                hire_date asc nulls last,
                termination_date asc nulls last,
                user_id asc nulls last
        ) as copy_rank

    from typed

),

reasons as (

    select
        worker_id,
        employee_id,
        user_id,
        hire_date,
        original_hire_date,
        termination_date,
        end_employment_date,
        active_status_date,
        is_terminated,
        is_hire_rescinded,
        home_country,
        contract_vendor_name,
        recorded_at,
        raw_text,
        source_file,
        extracted_at,
        case
            when worker_id is null or employee_id is null then 'missing_worker_key'
            when recorded_at is null then 'unreadable_sync_time'
        end as quarantine_reason,
        case
            when extracted_at < newest_extracted_at then 'older_copy'
            when copy_rank > 1 then 'repeated_in_copy'
            when is_deleted then 'deleted_in_source'
        end as superseded_reason

    from ranked

),

judged as (

    select
        worker_id,
        employee_id,
        user_id,
        hire_date,
        original_hire_date,
        termination_date,
        end_employment_date,
        active_status_date,
        is_terminated,
        is_hire_rescinded,
        home_country,
        contract_vendor_name,
        recorded_at,
        case
            when quarantine_reason is not null then 'quarantined'
            when superseded_reason is not null then 'superseded'
            else 'kept'
        end as row_status,
        coalesce(quarantine_reason, superseded_reason) as status_reason,
        raw_text,
        worker_id || '|' || cast(recorded_at as string) as source_record_id,
        source_file,
        extracted_at

    from reasons

)

select * from judged
