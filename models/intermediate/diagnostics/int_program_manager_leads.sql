-- One row per program with completed reports of known managers: how many of the managers completed
-- enablement soon enough before the first of their reports.

with

managers as (

    select
        program_id,
        manager_group,
        min(lead_days) as shortest_lead_days

    from {{ ref('int_unit_activations') }}

    where
        program_id <> 'all'
        and member_by = 'completion'

    group by program_id, manager_group

),

manager_leads as (

    select
        program_id,
        cast(sum(
            case when shortest_lead_days >= {{ var('manager_lead_days') }} then 1 else 0 end
        ) as bigint) as n_in_time,
        count(*) as n_managers

    from managers

    group by program_id

)

select * from manager_leads
