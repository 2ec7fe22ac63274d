-- One row per worker, position and period (sync time) in which the position is in a supervisory
-- organisation. A position is always in exactly one, so the first holds since always and each one
-- until the next; an assignment that was closed without a successor stays.

with

assignments as (

    select * from {{ ref('base_workday__worker_position_organization_history') }}

    where row_status = 'kept'

),

supervisory_organizations as (

    select organization_id

    from {{ ref('base_workday__organization') }}

    where
        row_status = 'kept'
        and organization_type = 'SUPERVISORY'

),

-- many assignments : zero or one supervisory organisation; assignments to organisations of another
-- type (company, region, cost centre) are excluded
supervisory_assignments as (

    select
        assignments.worker_id,
        assignments.position_id,
        assignments.organization_id,
        assignments.recorded_at,
        row_number() over (
            partition by assignments.worker_id, assignments.position_id, assignments.recorded_at
            order by assignments.recorded_until desc nulls first, assignments.organization_id asc
        ) as rank_at_sync

    from assignments

    inner join supervisory_organizations
        on assignments.organization_id = supervisory_organizations.organization_id

),

periods as (

    select
        worker_id,
        position_id,
        organization_id,
        case
            when row_number() over (partition by worker_id, position_id order by recorded_at) > 1
                then recorded_at
        end as recorded_from,
        lead(recorded_at)
            over (partition by worker_id, position_id order by recorded_at)
            as recorded_until

    from supervisory_assignments

    where rank_at_sync = 1

)

select * from periods
