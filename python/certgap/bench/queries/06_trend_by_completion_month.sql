-- Adoption of those who completed in each month, a line per day N.
select
    dimension_value as completion_month,
    checkpoint_day,
    adoption_rate,
    n_eligible,
    n_window_open

from adoption_rates

where
    program_id = 'all'
    and tool_id = 'all'
    and dimension = 'completion_month'

order by
    checkpoint_day,
    completion_month
