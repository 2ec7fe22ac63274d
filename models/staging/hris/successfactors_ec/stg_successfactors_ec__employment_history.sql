-- One row per user and start of a job: until the day after its end date (inclusive; 9999-12-31 is
-- open), at the latest until the next one starts, because a delivery of changes may leave the row
-- before as it was. job_family is the job function where the query expands it, else the job code.

with

job_rows as (

    select * from {{ ref('base_successfactors_ec__emp_job') }}

    where row_status = 'kept'

),

with_next as (

    select
        *,
        lead(start_date) over (partition by user_id order by start_date) as next_start_date,
        case
            when end_date < {{ still() }} then {{ add_days('end_date', 1) }}
        end as day_after_end

    from job_rows

),

renamed as (

    select
        user_id as employee_id,
        start_date as valid_from,
        least(day_after_end, next_start_date) as valid_to,
        seq_number as seq,
        manager_employee_id,
        job_title,
        job_family,
        cast(null as string) as role_group,
        department,
        division,
        location,
        cost_center,
        employment_status,
        true as is_primary,
        'business_effective' as valid_basis,
        last_modified_at as recorded_at,
        'successfactors_ec' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from with_next

)

select * from renamed
