-- Of those certified, who is not in the rate, and why, by location.
select
    dimension_value as location,
    sum(n_completed) as n_completed,
    sum(n_window_open) as n_window_open,
    sum(n_left_before_day_n) as n_left_before_day_n,
    sum(n_feed_gap) as n_feed_gap,
    sum(n_licence_unknown) as n_licence_unknown,
    sum(n_no_licence) as n_no_licence,
    sum(n_on_leave) as n_on_leave

from adoption_rates

where
    program_id = 'all'
    and tool_id != 'all'
    and dimension = 'location'
    and checkpoint_day = 90

group by dimension_value

order by location
