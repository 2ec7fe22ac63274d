-- What a board sees first: certified and adopted side by side, at each day N.
select
    checkpoint_day,
    completion_rate,
    adoption_rate,
    adoption_rate_low,
    adoption_rate_high,
    conversion_rate,
    retention_rate

from adoption_rates

where
    program_id = 'all'
    and tool_id = 'all'
    and dimension = 'all'

order by checkpoint_day
