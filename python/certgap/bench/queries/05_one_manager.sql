-- Everything about one manager's team, over tools and days N.
with

shown as (

    select manager_key from manager_cohorts

    order by
        n_eligible desc nulls last,
        manager_key

    limit 1

)

select
    manager_cohorts.tool_id,
    manager_cohorts.checkpoint_day,
    manager_cohorts.completion_rate,
    manager_cohorts.adoption_rate,
    manager_cohorts.activation_lead_bin

from manager_cohorts

inner join shown
    on manager_cohorts.manager_key = shown.manager_key

order by
    manager_cohorts.tool_id,
    manager_cohorts.checkpoint_day
