-- One row per employee as last known. employee_id is Workday's worker code; the internal id joins
-- the other tables. Workday's worker tables have no time zone: it comes from the optional location
-- feed, by the location of the newest primary job, else NULL (the default zone then applies).

with

ranked_worker_versions as (

    select
        worker_id,
        employee_id,
        hire_date,
        original_hire_date,
        coalesce(termination_date, end_employment_date) as termination_date,
        home_country,
        contract_vendor_name,
        row_number() over (
            partition by employee_id
            order by recorded_at desc, worker_id asc
        ) as recency,
        source_record_id,
        extracted_at,
        source_file

    from {{ ref('base_workday__worker_history') }}

    where row_status = 'kept'

),

worker_versions as (

    select * from ranked_worker_versions

    where recency = 1

),

ranked_jobs as (

    select
        worker_id,
        lower(location) as location_key,
        lower(employee_type) as employee_type,
        is_external,
        row_number() over (partition by worker_id order by valid_from desc) as recency

    from {{ ref('stg_workday__position_periods') }}

    where is_primary

),

current_jobs as (

    select * from ranked_jobs

    where recency = 1

),

locations as (

    select * from {{ ref('stg_workday__location_keys') }}

),

-- one employee : zero or one current primary job; without one place and type are unknown
-- many employees : zero or one location; without one the time zone is NULL
employees as (

    select
        worker_versions.employee_id,
        worker_versions.hire_date,
        worker_versions.original_hire_date,
        case
            when
                worker_versions.termination_date
                >= coalesce(worker_versions.hire_date, worker_versions.termination_date)
                then worker_versions.termination_date
        end as termination_date,
        coalesce(worker_versions.home_country, locations.country) as country,
        locations.time_zone as timezone,
        case
            when
                {{ regex_matches(
                    'current_jobs.employee_type', 'contingent|contract|consultant|vendor|freelance'
                ) }}
                or current_jobs.is_external
                or worker_versions.contract_vendor_name is not null
                then true
            when current_jobs.employee_type is not null then false
        end as is_contingent,
        'workday' as source_system,
        worker_versions.source_record_id,
        worker_versions.extracted_at,
        worker_versions.source_file

    from worker_versions

    left join current_jobs
        on worker_versions.worker_id = current_jobs.worker_id

    left join locations
        on current_jobs.location_key = locations.location_key

)

select * from employees
