-- One row per supervisory organisation and period in which one person (or nobody) holds its role
-- Manager; the periods of an organisation touch. The role table has no history, so the dated copies
-- are it: the first copy speaks for all time before, a change counts from the first copy with it.
-- Several holders: the lowest id, so that the choice is stable.

with

role_workers as (

    select * from {{ ref('base_workday__organization_role_worker') }}

),

copies as (

    select distinct extracted_at

    from role_workers

),

manager_roles as (

    select
        organization_id,
        role_id

    from {{ ref('base_workday__organization_role') }}

    where
        row_status = 'kept'
        and role_code = 'manager'

),

organizations as (

    select organization_id

    from {{ ref('base_workday__organization') }}

    where
        row_status = 'kept'
        and organization_type = 'SUPERVISORY'

),

workers as (

    select
        worker_id,
        max(employee_id) as employee_id

    from {{ ref('base_workday__worker_history') }}

    where row_status = 'kept'

    group by worker_id

),

-- many role holders : zero or one Manager role; holders of other roles are excluded
-- many role holders : zero or one worker; an id that is none of theirs is the employee number
holders as (

    select
        role_workers.organization_id,
        role_workers.extracted_at,
        min(coalesce(workers.employee_id, role_workers.associated_worker_id)) as manager_employee_id

    from role_workers

    inner join manager_roles
        on role_workers.organization_id = manager_roles.organization_id
        and role_workers.role_id = manager_roles.role_id

    left join workers
        on role_workers.associated_worker_id = workers.worker_id

    where role_workers.row_status = 'kept'

    group by role_workers.organization_id, role_workers.extracted_at

),

-- every organisation : every copy, so that a vacancy is seen
-- one (organisation, copy) : zero or one manager; none is a vacancy
organization_copies as (

    select
        organizations.organization_id,
        copies.extracted_at,
        holders.manager_employee_id

    from organizations

    cross join copies

    left join holders
        on organizations.organization_id = holders.organization_id
        and copies.extracted_at = holders.extracted_at

),

compared as (

    select
        organization_id,
        extracted_at,
        manager_employee_id,
        lag(manager_employee_id) over (partition by organization_id order by extracted_at)
            as previous_manager_employee_id,
        row_number() over (partition by organization_id order by extracted_at) as copy_number

    from organization_copies

),

periods as (

    select
        organization_id,
        manager_employee_id,
        case when copy_number > 1 then cast(extracted_at as date) end as valid_from,
        cast(lead(extracted_at) over (partition by organization_id order by extracted_at) as date)
            as valid_to

    from compared

    where
        copy_number = 1
        or coalesce(manager_employee_id, '') != coalesce(previous_manager_employee_id, '')

)

select * from periods
