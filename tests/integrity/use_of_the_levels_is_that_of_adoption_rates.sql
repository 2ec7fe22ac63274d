-- Finds programs whose use on level 3 of kirkpatrick_levels is not that of adoption_rates.
-- When it matters: always; the levels count other units than the headline does.
-- How to fix: compare int_unit_evidence with int_unit_checkpoints at the last checkpoint.

{{ config(meta={'joins': [{
    'name': 'levels_to_adoption_rates',
    'join': 'adoption_rates',
    'kind': 'equality',
    'keys': [['program_id', 'program_id']],
}]}) }}

with

levels as (

    select * from {{ ref('kirkpatrick_levels') }}

    where level = 3

),

adoption_rates as (

    select
        program_id,
        n_completed,
        n_eligible,
        n_adopted

    from {{ ref('adoption_rates') }}

    where
        tool_id = 'all'
        and dimension = 'all'
        and checkpoint_day = {{ evidence_day() }}

),

-- one program : one row of adoption_rates; a missing one is found by its NULL counts.
compared as (

    select
        levels.program_id,
        levels.n_completed,
        levels.n_eligible,
        levels.n_adopted,
        adoption_rates.n_completed as n_completed_of_rates,
        adoption_rates.n_eligible as n_eligible_of_rates,
        adoption_rates.n_adopted as n_adopted_of_rates

    from levels

    left join adoption_rates
        on levels.program_id = adoption_rates.program_id

),

broken as (

    select * from compared

    where
        n_completed is distinct from n_completed_of_rates
        or n_eligible is distinct from n_eligible_of_rates
        or n_adopted is distinct from n_adopted_of_rates

)

select * from broken
