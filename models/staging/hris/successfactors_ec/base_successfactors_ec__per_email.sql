-- One row per delivered PerEmail entity (and per page without any), judged. A person has one
-- address of a type, without history: deliveries that list the same address are one period of
-- owning it. The last row of each period is kept and carries it. Absence from a delivery ends
-- nothing, because deliveries of changes list few people.

with

email_rows as (

    select * from {{ ref('stg_successfactors_ec__email_rows') }}

),

persons as (

    select * from {{ ref('stg_successfactors_ec__persons') }}

),

-- many addresses : zero or one person; an address of a person without a job row is quarantined
screened as (

    select
        email_rows.*,
        persons.employee_id,
        coalesce(email_rows.email_type, email_rows.email_address) as email_key,
        case
            when not email_rows.is_row and not email_rows.is_empty_page then 'unreadable_page'
            when email_rows.is_row and email_rows.person_id is null then 'missing_person_id'
            when
                email_rows.is_row and coalesce(email_rows.email_address, '') not like '%_@_%'
                then 'unreadable_email'
            when email_rows.is_row and persons.employee_id is null then 'unknown_person'
        end as quarantine_reason

    from email_rows

    left join persons
        on email_rows.person_id = persons.person_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_id, email_key, extracted_at, quarantine_reason is null, is_row
            order by source_file desc, raw_text desc
        ) as rank_in_copy

    from screened

),

compared as (

    select
        *,
        is_row and quarantine_reason is null and rank_in_copy = 1 as is_listed,
        lag(email_address) over (
            partition by person_id, email_key, quarantine_reason is null, is_row, rank_in_copy
            order by extracted_at
        ) as previous_address,
        lead(email_address) over (
            partition by person_id, email_key, quarantine_reason is null, is_row, rank_in_copy
            order by extracted_at
        ) as next_address,
        lead(extracted_at) over (
            partition by person_id, email_key, quarantine_reason is null, is_row, rank_in_copy
            order by extracted_at
        ) as next_extracted_at

    from ranked

),

with_starts as (

    select
        *,
        max(case when previous_address != email_address then extracted_at end) over (
            partition by is_listed, person_id, email_key
            order by extracted_at
            rows between unbounded preceding and current row
        ) as started_at,
        min(extracted_at) over (partition by is_listed, person_id, email_key) as first_extracted_at

    from compared

),

judged as (

    select
        person_id,
        employee_id,
        email_address,
        email_type,
        is_primary,
        cast(started_at as date) as listed_from,
        cast(coalesce(started_at, first_extracted_at) as date) as first_listed_on,
        cast(next_extracted_at as date) as listed_until,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_page or rank_in_copy > 1 or next_address = email_address
                then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then 'empty_page'
            when rank_in_copy > 1 then 'repeated_in_copy'
            when next_address = email_address then 'repeated_in_newer_copy'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        person_id || '|' || coalesce(email_key, '') as source_record_id,
        source_file,
        extracted_at

    from with_starts

)

select * from judged
