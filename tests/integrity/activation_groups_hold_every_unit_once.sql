-- Finds cells whose groups by manager activation do not add up to the row `all` of adoption_rates,
-- or not to each other.
-- When it matters: always; a report was lost from the comparison or counted in two groups.
-- How to fix: a lead has no bin, or a bin no group (macros/metrics/activation.sql).

with

activation_effects as (

    select * from {{ ref('manager_activation_effects') }}

),

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where
        dimension = 'all'
        and n_completed > 0

),

stacked as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        n_completed,
        n_eligible,
        n_adopted

    from activation_effects

    union all

    select
        program_id,
        tool_id,
        checkpoint_day,
        'all' as dimension,
        n_completed,
        n_eligible,
        n_adopted

    from adoption_rates

),

per_dimension as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        sum(n_completed) as n_completed,
        sum(n_eligible) as n_eligible,
        sum(n_adopted) as n_adopted

    from stacked

    group by
        program_id,
        tool_id,
        checkpoint_day,
        dimension

),

beside_each_other as (

    select
        *,
        count(*) over same_cell as n_dimensions,
        max(n_completed) over same_cell as most_completed,
        max(n_eligible) over same_cell as most_eligible,
        max(n_adopted) over same_cell as most_adopted

    from per_dimension

    window same_cell as (partition by program_id, tool_id, checkpoint_day)

),

broken as (

    select * from beside_each_other

    where
        n_dimensions <> 3
        or n_completed <> most_completed
        or n_eligible <> most_eligible
        or n_adopted <> most_adopted

)

select * from broken
