-- One row per program, tool, N, dimension and value: is its adoption rate different from the rest?
--
-- Two-sided pooled z-test of the group against the other values of its dimension, corrected by
-- Benjamini-Hochberg within program, tool, N and dimension. NULL where there is nothing to compare:
-- no eligible unit on a side, or a pooled rate of 0 or 1.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension <> 'unattributed'

),

with_rest as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_eligible,
        n_adopted,
        sum(n_eligible) over (partition by program_id, tool_id, checkpoint_day, dimension)
        - n_eligible
            as n_eligible_of_rest,
        sum(n_adopted) over (partition by program_id, tool_id, checkpoint_day, dimension)
        - n_adopted
            as n_adopted_of_rest

    from adoption_rates

),

with_pooled as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_eligible,
        n_eligible_of_rest,
        {{ safe_rate('n_adopted', 'n_eligible') }} as adoption_rate,
        {{ safe_rate('n_adopted_of_rest', 'n_eligible_of_rest') }} as adoption_rate_of_rest,
        {{ safe_rate('(n_adopted + n_adopted_of_rest)', '(n_eligible + n_eligible_of_rest)') }}
            as pooled_rate

    from with_rest

),

with_z as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        n_eligible,
        n_eligible_of_rest,
        case
            when
                n_eligible > 0 and n_eligible_of_rest > 0 and pooled_rate > 0 and pooled_rate < 1
                then (adoption_rate - adoption_rate_of_rest) / sqrt(
                    pooled_rate * (1 - pooled_rate)
                    * (1e0 / n_eligible + 1e0 / n_eligible_of_rest)
                )
        end as z_score

    from with_pooled

),

with_p_value as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        z_score,
        case when z_score is not null then {{ two_sided_p('z_score') }} end as p_value

    from with_z

),

with_p_rank as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        z_score,
        p_value,
        count(p_value) over (partition by program_id, tool_id, checkpoint_day, dimension)
            as n_p_values,
        row_number() over (
            partition by program_id, tool_id, checkpoint_day, dimension
            order by p_value nulls last, dimension_value
        ) as p_rank

    from with_p_value

),

tests as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        z_score,
        p_value,
        case
            when p_value is not null
                then least(1e0, min(p_value * n_p_values / p_rank) over (
                    partition by program_id, tool_id, checkpoint_day, dimension
                    order by p_rank desc
                    rows between unbounded preceding and current row
                ))
        end as p_value_adjusted

    from with_p_rank

)

select * from tests
