-- Finds rows of licence_value whose seats or completers are not the sum of their parts, and
-- dimensions whose groups do not add up to `all`.
-- When it matters: always; somebody is counted twice or lost.
-- How to fix: an attribute is NULL and not printed as `unknown` (macro licence_dimensions), or
-- int_licence_people has a row for which no use is decided.

with

licence_value as (

    select * from {{ ref('licence_value') }}

),

wrong_parts as (

    select
        tool_id,
        dimension,
        dimension_value,
        'parts do not sum' as finding

    from licence_value

    where
        n_active_seats + n_idle_seats + n_new_seats + n_unknown_use_seats <> n_seats
        or n_completers_active + n_completers_not_using + n_completers_new + n_completers_unknown
        <> n_completers

),

per_dimension as (

    select
        tool_id,
        dimension,
        coalesce(sum(n_seats), 0) as n_seats,
        sum(n_completers) as n_completers

    from licence_value

    where dimension <> 'unattributed'

    group by
        tool_id,
        dimension

),

totals as (

    select
        tool_id,
        dimension,
        n_seats,
        n_completers,
        max(case when dimension = 'all' then n_seats end) over (partition by tool_id) as all_seats,
        max(case when dimension = 'all' then n_completers end) over (partition by tool_id)
            as all_completers

    from per_dimension

),

wrong_sums as (

    select
        tool_id,
        dimension,
        cast(null as string) as dimension_value,
        'groups do not sum to all' as finding

    from totals

    where
        n_seats <> all_seats
        or n_completers <> all_completers

),

findings as (

    select * from wrong_parts

    union all

    select * from wrong_sums

)

select * from findings
