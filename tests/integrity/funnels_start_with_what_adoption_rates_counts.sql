-- Finds groups whose first two stages of the funnel are not what adoption_rates counts as assigned
-- and completed in time.
-- When it matters: always; the two tables stand side by side in a report.
-- How to fix: both come from int_due_assignments; look at int_funnel_counts and
-- int_assignment_counts.
{{ config(meta={'joins': [{
    'name': 'adoption_rates_to_funnels',
    'join': 'adoption_funnels',
    'kind': 'equality',
    'keys': [
        ['program_id', 'program_id'], ['tool_id', 'tool_id'], ['dimension', 'dimension'],
        ['dimension_value', 'dimension_value'],
    ],
    'cardinality': 'one_to_one',
}]}) }}

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where
        checkpoint_day = {{ var('checkpoint_days') | max }}
        and dimension <> 'unattributed'

),

adoption_funnels as (

    select * from {{ ref('adoption_funnels') }}

),

broken as (

    select
        adoption_rates.program_id,
        adoption_rates.tool_id,
        adoption_rates.dimension,
        adoption_rates.dimension_value,
        adoption_rates.n_assigned,
        adoption_funnels.n_assigned as n_assigned_of_funnel,
        adoption_rates.n_assigned_completed,
        adoption_funnels.n_completed as n_completed_of_funnel

    from adoption_rates

    -- one group : zero or one funnel (none: nobody was due).
    left join adoption_funnels
        on adoption_rates.program_id = adoption_funnels.program_id
        and adoption_rates.tool_id = adoption_funnels.tool_id
        and adoption_rates.dimension = adoption_funnels.dimension
        and adoption_rates.dimension_value = adoption_funnels.dimension_value

    where
        adoption_rates.n_assigned <> coalesce(adoption_funnels.n_assigned, 0)
        or adoption_rates.n_assigned_completed <> coalesce(adoption_funnels.n_completed, 0)

)

select * from broken
