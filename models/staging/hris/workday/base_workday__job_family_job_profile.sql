-- One row per delivered row of the job families of Workday job profiles (full copies, one a date);
-- the newest copy of (family, profile) is kept unless it is marked deleted. A profile may be in
-- several families.

with

source_rows as (

    select * from {{ source('workday', 'job_family_job_profile') }}

),

parsed as (

    select
        {{ clean_text('job_family_id') }} as job_family_id,
        {{ clean_text('job_profile_id') }} as job_profile_id,
        coalesce({{ try_cast('_fivetran_deleted', 'boolean') }}, false) as is_deleted,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'job_family_job_profile') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        job_family_id,
        job_profile_id,
        is_deleted,
        synced_at,
        case
            when
                job_family_id is null
                or job_profile_id is null
                then delivered_text
        end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        job_family_id,
        job_profile_id,
        is_deleted,
        synced_at,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by job_family_id, job_profile_id
            order by
                extracted_at desc,
                source_file desc,
                synced_at desc nulls last
        ) as copy_rank

    from typed

),

judged as (

    select
        job_family_id,
        job_profile_id,
        case
            when job_family_id is null or job_profile_id is null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            when is_deleted then 'superseded'
            else 'kept'
        end as row_status,
        case
            when job_family_id is null or job_profile_id is null then 'missing_job_family_key'
            when copy_rank > 1 then 'repeated_in_newer_copy'
            when is_deleted then 'deleted_in_source'
        end as status_reason,
        raw_text,
        job_family_id || '|' || job_profile_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
