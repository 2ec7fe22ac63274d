-- One row per delivered EmpJob entity (and per page without any), judged. Key: user, start date,
-- sequence number; its newest delivery stays. Of several events on one day the last (greatest
-- sequence number) is what holds from that day on; the others are superseded.

with

job_rows as (

    select * from {{ ref('stg_successfactors_ec__job_rows') }}

),

typed as (

    select
        *,
        cast({{ odata_timestamp('start_text') }} as date) as start_date,
        cast({{ odata_timestamp('end_text') }} as date) as end_date,
        {{ try_cast("coalesce(seq_text, '1')", 'bigint') }} as seq_number,
        {{ successfactors_status('status_code') }} as employment_status,
        {{ odata_timestamp('last_modified_text') }} as last_modified_at,
        cast({{ odata_timestamp('hire_date_text') }} as date) as hire_date,
        cast({{ odata_timestamp('original_hire_date_text') }} as date) as original_hire_date

    from job_rows

),

screened as (

    select
        *,
        case
            when not is_row and not is_empty_page then 'unreadable_page'
            when is_row and user_id is null then 'missing_user_id'
            when is_row and start_text is null then 'missing_start_date'
            when is_row and start_date is null then 'unreadable_start_date'
            when end_text is not null and end_date is null then 'unreadable_end_date'
            when end_date < start_date then 'ends_before_it_starts'
            when is_row and seq_number is null then 'unreadable_seq_number'
            when is_row and status_code is null then 'missing_empl_status'
            when is_row and employment_status is null then 'unknown_empl_status'
        end as quarantine_reason

    from typed

),

ranked as (

    select
        *,
        row_number() over (
            partition by user_id, start_date, seq_number, quarantine_reason is null
            order by
                extracted_at desc,
                last_modified_at desc nulls last,
                source_file desc,
                raw_text desc
        ) as copy_rank

    from screened

),

ranked_by_day as (

    select
        *,
        row_number() over (
            partition by user_id, start_date, quarantine_reason is null, copy_rank
            order by seq_number desc
        ) as rank_of_day

    from ranked

),

judged as (

    select
        user_id,
        coalesce(person_id, user_id) as person_id,
        start_date,
        end_date,
        seq_number,
        employment_status,
        manager_employee_id,
        job_title,
        job_family,
        department,
        division,
        location,
        cost_center,
        country,
        timezone,
        is_contingent,
        hire_date,
        original_hire_date,
        last_modified_at,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_page or copy_rank > 1 or rank_of_day > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then 'empty_page'
            when copy_rank > 1 then 'repeated_in_newer_delivery'
            when rank_of_day > 1 then 'later_event_of_the_day'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        user_id || '|' || cast(start_date as string) || '|' || cast(seq_number as string)
            as source_record_id,
        source_file,
        extracted_at

    from ranked_by_day

)

select * from judged
