-- One row per delivered row of Workday e-mail addresses (full copies, one a date). The table has no
-- history of its own: a run of copies that list an address is one period of owning it. The last row
-- of each run is kept and carries the period; the others are superseded.

with

email_rows as (

    select * from {{ ref('stg_workday__email_rows') }}

),

-- Consecutive copies have the same difference between copy number and rank among the listed rows.
runs as (

    select
        email_row_id,
        worker_id,
        employee_id,
        email_address,
        email_code,
        quarantine_reason,
        superseded_reason,
        is_listed,
        copy_number,
        copy_number - row_number() over (
            partition by is_listed, worker_id, email_address, email_code
            order by copy_number, source_file, email_row_id nulls last
        ) as run_number,
        next_copy_at,
        raw_text,
        source_file,
        extracted_at

    from email_rows

),

periods as (

    select
        email_row_id,
        worker_id,
        employee_id,
        email_address,
        email_code,
        quarantine_reason,
        superseded_reason,
        min(copy_number) over (
            partition by is_listed, worker_id, email_address, email_code, run_number
        ) as first_copy_number,
        min(extracted_at) over (
            partition by is_listed, worker_id, email_address, email_code, run_number
        ) as first_extracted_at,
        case
            when is_listed and copy_number < max(copy_number) over (
                partition by is_listed, worker_id, email_address, email_code, run_number
            ) then 'repeated_in_newer_copy'
        end as repeated_reason,
        next_copy_at,
        raw_text,
        source_file,
        extracted_at

    from runs

),

judged as (

    select
        worker_id,
        employee_id,
        email_address,
        email_code,
        case when first_copy_number > 1 then cast(first_extracted_at as date) end as listed_from,
        cast(next_copy_at as date) as listed_until,
        case
            when quarantine_reason is not null then 'quarantined'
            when superseded_reason is not null or repeated_reason is not null then 'superseded'
            else 'kept'
        end as row_status,
        coalesce(quarantine_reason, superseded_reason, repeated_reason) as status_reason,
        raw_text,
        worker_id || '|' || coalesce(email_row_id, email_address) as source_record_id,
        source_file,
        extracted_at

    from periods

)

select * from judged
