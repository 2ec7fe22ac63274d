-- One row per employee, valid_from and seq: a position version, split where the supervisory
-- organisation, its manager or the employment state changes. The parts of a version touch and cover
-- exactly its period, so nobody drops out of employment between them.
-- Starts that come from sync time (organisation, manager) say so: valid_basis sync_snapshot.

with

positions as (

    select * from {{ ref('stg_workday__position_periods') }}

),

position_organizations as (

    select * from {{ ref('stg_workday__position_organizations') }}

),

organization_lines as (

    select * from {{ ref('stg_workday__organization_lines') }}

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

-- one position version : the organisations known while it was the known version (an organisation
-- known from its start holds from its effective date); without any it keeps one row
in_organizations as (

    select
        positions.worker_id,
        positions.employee_id,
        positions.position_id,
        positions.is_primary,
        positions.business_title,
        positions.job_family,
        positions.location,
        positions.recorded_at,
        positions.source_record_id,
        positions.extracted_at,
        positions.source_file,
        position_organizations.organization_id,
        positions.valid_from as effective_date,
        case
            when position_organizations.recorded_from > positions.recorded_from
                then greatest(positions.valid_from, cast(position_organizations.recorded_from as date))
            else positions.valid_from
        end as valid_from,
        case
            when position_organizations.recorded_until
                < coalesce(positions.recorded_until, cast('9999-01-01' as timestamp))
                then least(
                    coalesce(positions.valid_to, {{ still() }}),
                    greatest(positions.valid_from, cast(position_organizations.recorded_until as date))
                )
            else coalesce(positions.valid_to, {{ still() }})
        end as valid_to

    from positions

    left join position_organizations
        on positions.worker_id = position_organizations.worker_id
        and positions.position_id = position_organizations.position_id
        and (
            position_organizations.recorded_from is null
            or position_organizations.recorded_from <= positions.recorded_from
            or positions.recorded_until is null
            or position_organizations.recorded_from < positions.recorded_until
        )
        and (
            position_organizations.recorded_until is null
            or position_organizations.recorded_until > positions.recorded_from
        )

),

-- one part : the periods of its organisation's line that overlap it; without any it keeps one row
in_lines as (

    select
        in_organizations.worker_id,
        in_organizations.employee_id,
        in_organizations.position_id,
        in_organizations.is_primary,
        in_organizations.business_title,
        in_organizations.job_family,
        in_organizations.location,
        in_organizations.recorded_at,
        in_organizations.source_record_id,
        in_organizations.extracted_at,
        in_organizations.source_file,
        in_organizations.effective_date,
        organization_lines.department,
        organization_lines.division,
        coalesce(
            nullif(organization_lines.manager_employee_id, in_organizations.employee_id),
            nullif(organization_lines.superior_manager_employee_id, in_organizations.employee_id)
        ) as manager_employee_id,
        greatest(in_organizations.valid_from, coalesce(organization_lines.valid_from, {{ always() }})) as valid_from,
        least(in_organizations.valid_to, coalesce(organization_lines.valid_to, {{ still() }})) as valid_to

    from in_organizations

    left join organization_lines
        on in_organizations.organization_id = organization_lines.organization_id
        and in_organizations.valid_from < organization_lines.valid_to
        and in_organizations.valid_to > organization_lines.valid_from

    where in_organizations.valid_from < in_organizations.valid_to

),

-- one part : the worker's employment states that overlap it; a worker who never left has none
-- many parts : zero or one cost centre of the position
in_states as (

    select
        in_lines.employee_id,
        in_lines.position_id,
        in_lines.is_primary,
        in_lines.business_title,
        in_lines.job_family,
        in_lines.location,
        in_lines.recorded_at,
        in_lines.source_record_id,
        in_lines.extracted_at,
        in_lines.source_file,
        in_lines.effective_date,
        in_lines.department,
        in_lines.division,
        in_lines.manager_employee_id,
        cost_centers.cost_center,
        coalesce(employment_states.employment_status, 'active') as employment_status,
        employment_states.valid_from as state_from,
        greatest(in_lines.valid_from, coalesce(employment_states.valid_from, in_lines.valid_from)) as valid_from,
        least(in_lines.valid_to, coalesce(employment_states.valid_to, in_lines.valid_to)) as valid_to

    from in_lines

    left join employment_states
        on in_lines.worker_id = employment_states.worker_id
        and in_lines.valid_from < employment_states.valid_to
        and in_lines.valid_to > employment_states.valid_from

    left join cost_centers
        on in_lines.worker_id = cost_centers.worker_id
        and in_lines.position_id = cost_centers.position_id

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
