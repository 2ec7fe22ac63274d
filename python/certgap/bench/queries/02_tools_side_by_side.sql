-- One bar per tool at day 90, with its name and its last day of data.
select
    dim_tools.tool_name,
    dim_tools.watermark_date,
    adoption_rates.n_eligible,
    adoption_rates.adoption_rate,
    adoption_rates.target_rate

from adoption_rates

inner join dim_tools
    on adoption_rates.tool_id = dim_tools.tool_id

where
    adoption_rates.program_id = 'all'
    and adoption_rates.dimension = 'all'
    and adoption_rates.checkpoint_day = 90

order by adoption_rates.adoption_rate desc nulls last
