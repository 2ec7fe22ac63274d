-- One row per delivered row of Workday job families (full copies, one a date); the newest copy of
-- an id is kept.

with

source_rows as (

    select * from {{ source('workday', 'job_family') }}

),

parsed as (

    select
        {{ clean_text('id') }} as job_family_id,
        {{ clean_text('job_family_code') }} as job_family_code,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'job_family') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        job_family_id,
        job_family_code,
        synced_at,
        case when job_family_id is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        job_family_id,
        job_family_code,
        synced_at,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by job_family_id
            order by
                extracted_at desc,
                source_file desc,
                synced_at desc nulls last,
                job_family_code asc nulls last
        ) as copy_rank

    from typed

),

judged as (

    select
        job_family_id,
        job_family_code,
        case
            when job_family_id is null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when job_family_id is null then 'missing_job_family_id'
            when copy_rank > 1 then 'repeated_in_newer_copy'
        end as status_reason,
        raw_text,
        job_family_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
