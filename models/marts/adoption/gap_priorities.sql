-- One row per program, tool, N, dimension and value that misses adopters and is large enough to be
-- shown: where to act first.
--
-- Contributions are those of certification_gaps, which has all values of a dimension: those listed
-- here need not sum to the total.

with

{% set listed = [
    'role_group', 'department', 'location', 'track', 'tool', 'manager', 'platform',
    'completion_month', 'role_group_tool', 'manager_tool',
] %}
certification_gaps as (

    select * from {{ ref('certification_gaps') }}

),

gap_tests as (

    select * from {{ ref('certification_gap_tests') }}

),

-- one group : one test.
with_tests as (

    select
        certification_gaps.program_id,
        certification_gaps.tool_id,
        certification_gaps.checkpoint_day,
        certification_gaps.dimension,
        certification_gaps.dimension_value,
        certification_gaps.n_eligible,
        certification_gaps.n_adopted,
        certification_gaps.adoption_rate,
        certification_gaps.target_rate,
        certification_gaps.missing_adopters,
        certification_gaps.net_missing_adopters,
        certification_gaps.contribution_rate,
        certification_gaps.p_value,
        certification_gaps.p_value_adjusted,
        certification_gaps.as_of_date,
        certification_gaps.rules_hash,
        certification_gaps.target_rate * certification_gaps.n_eligible as expected_adopters,
        coalesce(gap_tests.z_score < 0 and gap_tests.p_value_adjusted < 0.05, false)
            as is_significant

    from certification_gaps

    inner join gap_tests
        on certification_gaps.program_id = gap_tests.program_id
        and certification_gaps.tool_id = gap_tests.tool_id
        and certification_gaps.checkpoint_day = gap_tests.checkpoint_day
        and certification_gaps.dimension = gap_tests.dimension
        and certification_gaps.dimension_value = gap_tests.dimension_value

),

priorities as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        cast(row_number() over (
            partition by program_id, tool_id, checkpoint_day, dimension
            order by
                case when is_significant then 0 else 1 end asc,
                missing_adopters desc,
                dimension_value asc
        ) as bigint) as priority_rank,
        n_eligible,
        n_adopted,
        adoption_rate,
        {{ wilson_low('n_adopted', 'n_eligible') }} as adoption_rate_low,
        {{ wilson_high('n_adopted', 'n_eligible') }} as adoption_rate_high,
        target_rate,
        expected_adopters,
        missing_adopters,
        net_missing_adopters,
        contribution_rate,
        p_value,
        p_value_adjusted,
        is_significant,
        case
            when is_significant then 'below the rest'
            when p_value_adjusted is not null then 'not distinguishable from the rest'
            else 'insufficient evidence'
        end as evidence,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from with_tests

    where
        dimension in (
            {{ "'" ~ listed | join("', '") ~ "'" }}
        )
        and dimension_value <> 'unknown'
        and dimension_value not like 'unknown|%'
        and n_eligible >= {{ display_floor() }}
        and missing_adopters > 0

)

select * from priorities
