-- Finds p-values outside 0 to 1 and adjusted p-values below the unadjusted ones.
-- When it matters: always; a correction for many comparisons never makes a finding surer.
-- How to fix: the running minimum in certification_gap_tests goes from the largest p-value down.

with

gap_tests as (

    select * from {{ ref('certification_gap_tests') }}

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        p_value,
        p_value_adjusted

    from gap_tests

    where
        p_value < 0
        or p_value > 1
        or p_value_adjusted < p_value - 1e-12
        or p_value_adjusted > 1
        or (p_value is null) <> (p_value_adjusted is null)

)

select * from broken
