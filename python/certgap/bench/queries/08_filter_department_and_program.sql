-- Two filters of a dashboard at once: programs that run now, one department after the other.
select
    dim_programs.program_name,
    adoption_rates.dimension_value as department,
    adoption_rates.completion_rate,
    adoption_rates.adoption_rate,
    dim_programs.adoption_target

from adoption_rates

inner join dim_programs
    on adoption_rates.program_id = dim_programs.program_id

where
    adoption_rates.dimension = 'department'
    and adoption_rates.checkpoint_day = 30
    and adoption_rates.dimension_value ilike '%s%'

order by
    dim_programs.program_name,
    department
