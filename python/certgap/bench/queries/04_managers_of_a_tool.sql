-- A page of the list of managers: largest teams first.
select
    manager_key,
    n_reports_assigned,
    n_eligible,
    completion_rate,
    adoption_rate,
    adoption_rank,
    activation_status

from manager_cohorts

where
    program_id = 'all'
    and tool_id = 'assistant'
    and checkpoint_day = 60
    and n_eligible is not null

order by
    n_eligible desc,
    manager_key

limit 50
