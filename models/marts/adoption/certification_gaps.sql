-- One row per program, tool, N, dimension and value: how far adoption is from completion and from
-- the target, and how much of the missing adoption sits here.
--
-- Shares and ranks compare the values of one dimension within program, tool and N.
-- net_missing_adopters is signed: over the values of a dimension it sums to that of `all`, as
-- counts do.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension <> 'unattributed'

),

gap_tests as (

    select * from {{ ref('certification_gap_tests') }}

),

with_net as (

    select
        *,
        target_rate * n_eligible - n_adopted as net_missing_adopters

    from adoption_rates

),

with_missing as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_assigned,
        n_assigned_completed,
        completion_rate,
        n_eligible,
        n_adopted,
        adoption_rate,
        target_rate,
        as_of_date,
        rules_hash,
        completion_rate - adoption_rate as certification_gap,
        target_rate - adoption_rate as gap_to_target,
        -- Rounded so that equal gaps tie: 0.4 * 8 - 3 and 0.4 * 13 - 5 differ in the last bit.
        round(greatest(0e0, net_missing_adopters), 9) as missing_adopters,
        net_missing_adopters

    from with_net

),

ranked as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_assigned,
        n_assigned_completed,
        completion_rate,
        n_eligible,
        n_adopted,
        adoption_rate,
        target_rate,
        as_of_date,
        rules_hash,
        certification_gap,
        gap_to_target,
        missing_adopters,
        missing_adopters / nullif(sum(missing_adopters) over (
            partition by program_id, tool_id, checkpoint_day, dimension
        ), 0) as share_of_missing_adopters,
        cast(rank() over (
            partition by program_id, tool_id, checkpoint_day, dimension
            order by missing_adopters desc
        ) as bigint) as gap_rank,
        net_missing_adopters,
        max(case when dimension = 'all' then net_missing_adopters end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as net_missing_adopters_of_all,
        max(case when dimension = 'all' then missing_adopters end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as missing_adopters_of_all

    from with_missing

),

-- one group : one test.
gaps as (

    select
        ranked.program_id,
        ranked.tool_id,
        ranked.checkpoint_day,
        ranked.dimension,
        ranked.dimension_value,
        ranked.n_assigned,
        ranked.n_assigned_completed,
        ranked.completion_rate,
        ranked.n_eligible,
        ranked.n_adopted,
        ranked.adoption_rate,
        ranked.certification_gap,
        ranked.target_rate,
        ranked.gap_to_target,
        ranked.missing_adopters,
        ranked.share_of_missing_adopters,
        ranked.gap_rank,
        ranked.net_missing_adopters,
        -- The rounded one decides: 0.07 * 100 - 7 is above 0 in the last bit only.
        case
            when ranked.missing_adopters_of_all > 0
                then ranked.net_missing_adopters / ranked.net_missing_adopters_of_all
        end as contribution_rate,
        gap_tests.p_value,
        gap_tests.p_value_adjusted,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        ranked.as_of_date,
        ranked.rules_hash

    from ranked

    inner join gap_tests
        on ranked.program_id = gap_tests.program_id
        and ranked.tool_id = gap_tests.tool_id
        and ranked.checkpoint_day = gap_tests.checkpoint_day
        and ranked.dimension = gap_tests.dimension
        and ranked.dimension_value = gap_tests.dimension_value

)

select * from gaps
