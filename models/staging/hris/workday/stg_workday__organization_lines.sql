-- One row per supervisory organisation and period, with its names and who leads it: its own manager
-- and, for the manager's own reporting line and for vacancies, the superior organisation's. The
-- periods of an organisation touch and cover all time.

with

organizations as (

    select * from {{ ref('base_workday__organization') }}

    where row_status = 'kept'

),

supervisory_organizations as (

    select * from {{ ref('base_workday__organization') }}

    where
        row_status = 'kept'
        and organization_type = 'SUPERVISORY'

),

organization_managers as (

    select
        organization_id,
        manager_employee_id,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to

    from {{ ref('stg_workday__organization_managers') }}

),

-- many organisations : zero or one superior; the top has none
-- one organisation : its manager periods; without any it keeps one row with no manager
own_lines as (

    select
        supervisory_organizations.organization_id,
        supervisory_organizations.organization_name as department,
        superiors.organization_name as division,
        supervisory_organizations.superior_organization_id,
        organization_managers.manager_employee_id,
        coalesce(organization_managers.valid_from, {{ always() }}) as valid_from,
        coalesce(organization_managers.valid_to, {{ still() }}) as valid_to

    from supervisory_organizations

    left join organizations as superiors
        on supervisory_organizations.superior_organization_id = superiors.organization_id

    left join organization_managers
        on supervisory_organizations.organization_id = organization_managers.organization_id

),

-- one period : the superior's manager periods that overlap it (they touch, so together they cover
-- it); without a superior it keeps one row with no superior manager
lines as (

    select
        own_lines.organization_id,
        own_lines.department,
        own_lines.division,
        own_lines.manager_employee_id,
        superior_managers.manager_employee_id as superior_manager_employee_id,
        greatest(
            own_lines.valid_from, coalesce(superior_managers.valid_from, own_lines.valid_from)
        ) as valid_from,
        least(own_lines.valid_to, coalesce(superior_managers.valid_to, own_lines.valid_to))
            as valid_to

    from own_lines

    left join organization_managers as superior_managers
        on own_lines.superior_organization_id = superior_managers.organization_id
        and own_lines.valid_from < superior_managers.valid_to
        and own_lines.valid_to > superior_managers.valid_from

)

select * from lines
