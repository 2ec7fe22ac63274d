-- One row per part of a position version: split where the supervisory organisation, or the manager
-- of that organisation, changes. The parts of a version touch and cover exactly its period.

with

placements as (

    select * from {{ ref('stg_workday__position_placements') }}

),

organization_lines as (

    select * from {{ ref('stg_workday__organization_lines') }}

),

-- one part : the periods of its organisation's line that overlap it; without any it keeps one row
in_lines as (

    select
        placements.worker_id,
        placements.employee_id,
        placements.position_id,
        placements.is_primary,
        placements.business_title,
        placements.job_family,
        placements.location,
        placements.recorded_at,
        placements.source_record_id,
        placements.extracted_at,
        placements.source_file,
        placements.effective_date,
        organization_lines.department,
        organization_lines.division,
        coalesce(
            nullif(organization_lines.manager_employee_id, placements.employee_id),
            nullif(organization_lines.superior_manager_employee_id, placements.employee_id)
        ) as manager_employee_id,
        greatest(
            placements.valid_from, coalesce(organization_lines.valid_from, {{ always() }})
        ) as valid_from,
        least(
            placements.valid_to, coalesce(organization_lines.valid_to, {{ still() }})
        ) as valid_to

    from placements

    left join organization_lines
        on placements.organization_id = organization_lines.organization_id
        and placements.valid_from < organization_lines.valid_to
        and placements.valid_to > organization_lines.valid_from

)

select * from in_lines
