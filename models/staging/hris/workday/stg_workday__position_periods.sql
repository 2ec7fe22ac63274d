-- One row per worker, position and effective date, with the period it holds. A primary job holds
-- until the worker's next primary job (only worker history ends employment, so that a stale end
-- date loses nobody); another job holds until its next version or its end date. recorded_from /
-- recorded_until: the sync times between which this version was the known one.

with

positions as (

    select * from {{ ref('base_workday__worker_position_history') }}

    where row_status = 'kept'

),

profile_families as (

    select * from {{ ref('base_workday__job_family_job_profile') }}

    where row_status = 'kept'

),

families as (

    select * from {{ ref('base_workday__job_family') }}

    where row_status = 'kept'

),

-- many (family, profile) pairs : zero or one family; a pair of an unknown family names none
profile_job_families as (

    select
        profile_families.job_profile_id,
        min(families.job_family_code) as job_family

    from profile_families

    left join families
        on profile_families.job_family_id = families.job_family_id

    group by profile_families.job_profile_id

),

ordered as (

    select
        worker_id,
        employee_id,
        position_id,
        is_primary,
        business_title,
        location,
        employee_type,
        is_external,
        job_profile_id,
        effective_date,
        end_date,
        lead(effective_date) over (
            partition by worker_id, is_primary, case when is_primary then '' else position_id end
            order by effective_date, first_recorded_at, position_id
        ) as next_effective_date,
        first_recorded_at as recorded_from,
        lead(first_recorded_at) over (
            partition by worker_id, is_primary, case when is_primary then '' else position_id end
            order by effective_date, first_recorded_at, position_id
        ) as recorded_until,
        recorded_at,
        source_record_id,
        extracted_at,
        source_file

    from positions

),

-- many positions : zero or one job family of their profile; without one the family is NULL
periods as (

    select
        ordered.worker_id,
        ordered.employee_id,
        ordered.position_id,
        ordered.is_primary,
        ordered.business_title,
        ordered.location,
        ordered.employee_type,
        ordered.is_external,
        profile_job_families.job_family,
        ordered.effective_date as valid_from,
        case
            when not ordered.is_primary and ordered.end_date >= ordered.effective_date
                then least(
                    coalesce(ordered.next_effective_date, {{ still() }}),
                    {{ add_days('ordered.end_date', 1) }}
                )
            else ordered.next_effective_date
        end as valid_to,
        ordered.recorded_from,
        ordered.recorded_until,
        ordered.recorded_at,
        ordered.source_record_id,
        ordered.extracted_at,
        ordered.source_file

    from ordered

    left join profile_job_families
        on ordered.job_profile_id = profile_job_families.job_profile_id

    where
        ordered.next_effective_date is null
        or ordered.effective_date < ordered.next_effective_date

)

select * from periods
