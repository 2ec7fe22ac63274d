-- One row per employee, valid_from and seq: a position version, split where the supervisory
-- organisation, its manager or the employment state changes. The parts of a version touch and cover
-- exactly its period, so nobody drops out of employment between them.
-- Starts that come from sync time (organisation, manager) say so: valid_basis sync_snapshot.

with

position_parts as (

    select * from {{ ref('stg_workday__position_parts') }}

),

employment_states as (

    select
        worker_id,
        employment_status,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to

    from {{ ref('stg_workday__employment_states') }}

),

cost_centers as (

    select * from {{ ref('stg_workday__position_cost_centers') }}

),

-- one part : the worker's employment states that overlap it; a worker who never left has none
-- many parts : zero or one cost centre of the position
in_states as (

    select
        position_parts.employee_id,
        position_parts.position_id,
        position_parts.is_primary,
        position_parts.business_title,
        position_parts.job_family,
        position_parts.location,
        position_parts.recorded_at,
        position_parts.source_record_id,
        position_parts.extracted_at,
        position_parts.source_file,
        position_parts.effective_date,
        position_parts.department,
        position_parts.division,
        position_parts.manager_employee_id,
        cost_centers.cost_center,
        coalesce(employment_states.employment_status, 'active') as employment_status,
        employment_states.valid_from as state_from,
        greatest(
            position_parts.valid_from,
            coalesce(employment_states.valid_from, position_parts.valid_from)
        ) as valid_from,
        least(
            position_parts.valid_to, coalesce(employment_states.valid_to, position_parts.valid_to)
        ) as valid_to

    from position_parts

    left join employment_states
        on position_parts.worker_id = employment_states.worker_id
        and position_parts.valid_from < employment_states.valid_to
        and position_parts.valid_to > employment_states.valid_from

    left join cost_centers
        on position_parts.worker_id = cost_centers.worker_id
        and position_parts.position_id = cost_centers.position_id

),

renamed as (

    select
        employee_id,
        valid_from,
        nullif(valid_to, {{ still() }}) as valid_to,
        cast(
            row_number() over (
                partition by employee_id, valid_from
                order by case when is_primary then 0 else 1 end, position_id, recorded_at
            ) - 1 as bigint
        ) as seq,
        manager_employee_id,
        business_title as job_title,
        job_family,
        cast(null as string) as role_group,
        department,
        division,
        location,
        cost_center,
        employment_status,
        is_primary,
        case
            when valid_from = effective_date or valid_from = state_from then 'business_effective'
            else 'sync_snapshot'
        end as valid_basis,
        recorded_at,
        'workday' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from in_states

)

select * from renamed
