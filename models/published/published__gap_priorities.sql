-- One row per program, tool, N, dimension and value, as BI may read it: where to act first.
--
-- Nothing is hidden: the mart lists cells at or above the display floor only.

with

gap_priorities as (

    select * from {{ ref('gap_priorities') }}

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        priority_rank,
        n_eligible,
        n_adopted,
        adoption_rate,
        adoption_rate_low,
        adoption_rate_high,
        target_rate,
        expected_adopters,
        missing_adopters,
        net_missing_adopters,
        contribution_rate,
        p_value,
        p_value_adjusted,
        is_significant,
        evidence,
        is_suppressed,
        suppression_reason,
        as_of_date,
        rules_hash

    from gap_priorities

)

select * from published
