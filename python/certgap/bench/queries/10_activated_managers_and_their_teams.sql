-- Teams of managers who were activated first, and of the others.
select
    activation_lead_bin,
    count(*) as n_teams,
    sum(n_eligible) as n_eligible,
    cast(sum(n_adopted) as double) / nullif(sum(n_eligible), 0) as adoption_rate,
    quantile_cont(adoption_rate, 0.5) as median_team

from manager_cohorts

where
    program_id = 'all'
    and checkpoint_day = 60
    and n_eligible is not null

group by activation_lead_bin

order by activation_lead_bin
