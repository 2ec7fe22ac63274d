-- Question: do the teams of managers who were trained first adopt more?
-- Say: "Teams whose manager completed enablement before them: <adoption_rate>; teams of managers
-- who did not: <adoption_rate>." Observed, not proven: managers were not chosen by lot.

with

manager_cohorts as (

    select * from {{ ref('manager_cohorts') }}

    where
        tool_id = 'all'
        and activation_status is not null

),

answer as (

    select
        program_id,
        checkpoint_day,
        activation_status,
        count(*) as n_managers,
        sum(n_eligible) as n_eligible,
        sum(n_adopted) as n_adopted,
        {{ safe_rate('sum(n_adopted)', 'sum(n_eligible)') }} as adoption_rate

    from manager_cohorts

    group by
        program_id,
        checkpoint_day,
        activation_status

)

select * from answer
order by program_id, checkpoint_day, activation_status
