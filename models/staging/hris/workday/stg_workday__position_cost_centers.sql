-- One row per worker and position with the cost centre it was last assigned to (no history: the
-- assignment table has sync time only and cost centres only label reports).

with

assignments as (

    select * from {{ ref('base_workday__worker_position_organization_history') }}

    where row_status = 'kept'

),

cost_center_organizations as (

    select * from {{ ref('base_workday__organization') }}

    where
        row_status = 'kept'
        and organization_type = 'COST_CENTER'

),

-- many assignments : zero or one cost centre; assignments to other organisations are excluded
ranked as (

    select
        assignments.worker_id,
        assignments.position_id,
        cost_center_organizations.organization_name as cost_center,
        row_number() over (
            partition by assignments.worker_id, assignments.position_id
            order by assignments.recorded_at desc, assignments.organization_id asc
        ) as recency

    from assignments

    inner join cost_center_organizations
        on assignments.organization_id = cost_center_organizations.organization_id

),

latest as (

    select
        worker_id,
        position_id,
        cost_center

    from ranked

    where recency = 1

)

select * from latest
