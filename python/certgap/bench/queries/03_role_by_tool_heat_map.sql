-- Role group by tool at day 60, a cell each.
select
    dimension_value,
    n_eligible,
    adoption_rate,
    is_suppressed

from adoption_rates

where
    program_id = 'all'
    and dimension = 'role_group_tool'
    and checkpoint_day = 60

order by dimension_value
