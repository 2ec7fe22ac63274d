-- Finds dimensions whose contributions to the gap do not sum to the total: counts of the rows must
-- sum to those of `all` exactly, what is computed from them to the last digits of a double.
-- When it matters: always; contributions say how much of the gap a group explains.
-- How to fix: a unit was lost from a group (adoption_rates), or a contribution in
-- certification_gaps is rounded or divided by another total.

with

certification_gaps as (

    select * from {{ ref('certification_gaps') }}

),

per_dimension as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        sum(n_eligible) as n_eligible,
        sum(n_adopted) as n_adopted,
        sum(net_missing_adopters) as net_missing_adopters,
        sum(contribution_rate) as contribution_rate,
        count(*) as n_rows,
        count(contribution_rate) as n_contributions

    from certification_gaps

    group by
        program_id,
        tool_id,
        checkpoint_day,
        dimension

),

beside_all as (

    select
        *,
        max(case when dimension = 'all' then n_eligible end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as n_eligible_of_all,
        max(case when dimension = 'all' then n_adopted end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as n_adopted_of_all,
        max(case when dimension = 'all' then net_missing_adopters end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as net_missing_adopters_of_all

    from per_dimension

),

broken as (

    select * from beside_all

    where
        net_missing_adopters_of_all is null
        or n_eligible <> n_eligible_of_all
        or n_adopted <> n_adopted_of_all
        or abs(net_missing_adopters - net_missing_adopters_of_all)
        > 1e-11 * (1 + n_eligible_of_all)
        -- Where `all` misses somebody each row has a contribution, else none has.
        or n_contributions
        <> case when round(net_missing_adopters_of_all, 9) > 0 then n_rows else 0 end
        or abs(contribution_rate - 1) * net_missing_adopters_of_all
        > 1e-11 * (1 + n_eligible_of_all)

)

select * from broken
