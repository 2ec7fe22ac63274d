-- Finds dimensions whose groups do not add up to the row `all`, and tools that do not add up to
-- tool_id `all`.
-- When it matters: always; a person was lost from a group or counted in two.
-- How to fix: an attribute is NULL and not printed as `unknown` (macros/metrics/dimensions.sql),
-- or a unit has two rows for one checkpoint (int_unit_checkpoints).

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension <> 'unattributed'

),

per_dimension as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        sum(n_assigned) as n_assigned,
        sum(n_assigned_completed) as n_assigned_completed,
        sum(n_completed) as n_completed,
        sum(n_eligible) as n_eligible,
        sum(n_adopted) as n_adopted

    from adoption_rates

    group by
        program_id,
        tool_id,
        checkpoint_day,
        dimension

    union all

    select
        program_id,
        'all' as tool_id,
        checkpoint_day,
        'sum over tools' as dimension,
        sum(n_assigned) as n_assigned,
        sum(n_assigned_completed) as n_assigned_completed,
        sum(n_completed) as n_completed,
        sum(n_eligible) as n_eligible,
        sum(n_adopted) as n_adopted

    from adoption_rates

    where
        dimension = 'all'
        and tool_id <> 'all'

    group by
        program_id,
        checkpoint_day

),

beside_all as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        n_assigned,
        n_assigned_completed,
        n_completed,
        n_eligible,
        n_adopted,
        max(case when dimension = 'all' then n_assigned end) over same_cell as n_assigned_of_all,
        max(case when dimension = 'all' then n_assigned_completed end) over same_cell
            as n_assigned_completed_of_all,
        max(case when dimension = 'all' then n_completed end) over same_cell as n_completed_of_all,
        max(case when dimension = 'all' then n_eligible end) over same_cell as n_eligible_of_all,
        max(case when dimension = 'all' then n_adopted end) over same_cell as n_adopted_of_all

    from per_dimension

    window same_cell as (partition by program_id, tool_id, checkpoint_day)

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        n_assigned,
        n_assigned_of_all,
        n_completed,
        n_completed_of_all,
        n_eligible,
        n_eligible_of_all,
        n_adopted,
        n_adopted_of_all

    from beside_all

    where
        n_assigned is distinct from n_assigned_of_all
        or n_assigned_completed is distinct from n_assigned_completed_of_all
        or n_completed is distinct from n_completed_of_all
        or n_eligible is distinct from n_eligible_of_all
        or n_adopted is distinct from n_adopted_of_all

)

select * from broken
