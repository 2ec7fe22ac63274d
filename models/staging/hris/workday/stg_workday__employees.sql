-- One row per employee as last known. employee_id is Workday's worker code; the internal id joins
-- the other tables. Workday's worker tables have no time zone: it comes from the optional location
-- feed, by the location of the newest primary job, else NULL (the default zone then applies).

with

worker_versions as (

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
            order by recorded_at desc, worker_id
        ) as recency,
        source_record_id,
        extracted_at,
        source_file

    from {{ ref('base_workday__worker_history') }}

    where row_status = 'kept'

),

current_jobs as (

    select
        worker_id,
        lower(location) as location_key,
        lower(employee_type) as employee_type,
        is_external,
        row_number() over (partition by worker_id order by valid_from desc) as recency

    from {{ ref('stg_workday__position_periods') }}

    where is_primary

),

location_names as (

    select
        lower(location_id) as location_key,
        time_zone,
        country,
        0 as preference,
        location_id

    from {{ ref('base_workday__location') }}

    where row_status = 'kept'

    union all

    select
        lower(location_name) as location_key,
        time_zone,
        country,
        1 as preference,
        location_id

    from {{ ref('base_workday__location') }}

    where row_status = 'kept'

),

ranked_locations as (

    select
        location_key,
        time_zone,
        country,
        row_number() over (
            partition by location_key
            order by preference, location_id
        ) as preference_rank

    from location_names

),

-- one employee : zero or one current primary job; without one place and type are unknown
-- many employees : zero or one location; without one the time zone is NULL
employees as (

    select
        worker_versions.employee_id,
        worker_versions.hire_date,
        worker_versions.original_hire_date,
        case
            when worker_versions.termination_date
                >= coalesce(worker_versions.hire_date, worker_versions.termination_date)
                then worker_versions.termination_date
        end as termination_date,
        coalesce(worker_versions.home_country, ranked_locations.country) as country,
        ranked_locations.time_zone as timezone,
        case
            when {{ regex_matches('current_jobs.employee_type', 'contingent|contract|consultant|vendor|freelance') }}
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
        and current_jobs.recency = 1

    left join ranked_locations
        on current_jobs.location_key = ranked_locations.location_key
        and ranked_locations.preference_rank = 1

    where worker_versions.recency = 1

)

select * from employees
