-- Finds rows whose adoption rate is not between the rate that counts every leaver as not adopted
-- and the one that counts every leaver as adopted.
-- When it matters: always; the two bounds are what a reader trusts when many people left.
-- How to fix: both bounds have n_eligible + n_left_before_day_n below the line in adoption_rates.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        adoption_rate_if_leavers_none,
        adoption_rate,
        adoption_rate_if_leavers_all

    from adoption_rates

    where
        adoption_rate < adoption_rate_if_leavers_none - 1e-12
        or adoption_rate > adoption_rate_if_leavers_all + 1e-12

)

select * from broken
