-- Finds dimensions whose shares of missing adopters do not sum to 1, though adopters are missing.
-- When it matters: always; the shares say where to act first.
-- How to fix: share and sum must run over the same rows in certification_gaps (program, tool, N,
-- dimension).

with

certification_gaps as (

    select * from {{ ref('certification_gaps') }}

),

summed as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        sum(missing_adopters) as missing_adopters,
        sum(share_of_missing_adopters) as sum_of_shares

    from certification_gaps

    group by
        program_id,
        tool_id,
        checkpoint_day,
        dimension

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        missing_adopters,
        sum_of_shares

    from summed

    where
        (missing_adopters > 0 and (sum_of_shares is null or abs(sum_of_shares - 1) > 1e-9))
        or (missing_adopters = 0 and sum_of_shares is not null)

)

select * from broken
