-- One row per delivered row of Workday e-mail addresses, typed, with the worker's employee number,
-- the number of its copy, and whether it says that the worker has the address (is_listed).

with

source_rows as (

    select * from {{ source('workday', 'person_contact_email_address') }}

),

copy_dates as (

    select distinct extracted_at

    from source_rows

),

copies as (

    select
        extracted_at,
        row_number() over (order by extracted_at) as copy_number,
        lead(extracted_at) over (order by extracted_at) as next_copy_at

    from copy_dates

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
        id,
        {{ clean_text('id') }} as email_row_id,
        {{ clean_text('personal_info_system_id') }} as worker_id,
        {{ clean_alias('email_address') }} as email_address,
        upper({{ clean_text('email_code') }}) as email_code,
        coalesce({{ try_cast('_fivetran_deleted', 'boolean') }}, false) as is_deleted,
        {{ delivered_row('workday', 'person_contact_email_address') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- many rows : one copy (dates of the same rows, so every row matches)
-- many rows : zero or one worker; a row of an unknown worker is quarantined
joined as (

    select
        typed.id,
        typed.email_row_id,
        typed.worker_id,
        workers.employee_id,
        typed.email_address,
        typed.email_code,
        typed.is_deleted,
        case
            when typed.worker_id is null then 'missing_worker_key'
            when
                typed.email_address is null or typed.email_address not like '%_@_%'
                then 'unreadable_email'
            when workers.employee_id is null then 'unknown_worker'
        end as quarantine_reason,
        copies.copy_number,
        copies.next_copy_at,
        typed.delivered_text,
        typed.source_file,
        typed.extracted_at

    from typed

    left join copies
        on typed.extracted_at = copies.extracted_at

    left join workers
        on typed.worker_id = workers.worker_id

),

-- Only refused rows keep their text: it would travel through every sort below.
with_raw_text as (

    select
        *,
        case when quarantine_reason is not null then delivered_text end as raw_text

    from joined

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                worker_id,
                email_address,
                email_code,
                extracted_at,
                is_deleted
            order by source_file desc, email_row_id asc nulls last
        ) as rank_in_copy

    from with_raw_text

),

listed as (

    select
        id,
        email_row_id,
        worker_id,
        employee_id,
        email_address,
        email_code,
        quarantine_reason,
        case
            when is_deleted then 'deleted_in_source'
            when rank_in_copy > 1 then 'repeated_in_copy'
        end as superseded_reason,
        quarantine_reason is null and not is_deleted and rank_in_copy = 1 as is_listed,
        copy_number,
        next_copy_at,
        raw_text,
        source_file,
        extracted_at

    from ranked

)

select * from listed
