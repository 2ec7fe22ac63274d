-- Finds curves on which the share with a first use or a lapse falls from one week to the next, or
-- lies outside 0 to 1, and more units waiting or using than the week before.
-- When it matters: always; a Kaplan-Meier estimate cannot do that.
-- How to fix: int_survival_weeks (at risk counted from the last day backwards), int_curve_survival.

with

adoption_curves as (

    select * from {{ ref('adoption_curves') }}

    where week_number > 0

),

beside_week_before as (

    select
        program_id,
        tool_id,
        dimension,
        dimension_value,
        week_number,
        first_use_rate,
        lag(first_use_rate) over one_curve as first_use_rate_before,
        n_waiting,
        lag(n_waiting) over one_curve as n_waiting_before,
        lapse_rate,
        lag(lapse_rate) over one_curve as lapse_rate_before,
        n_using,
        lag(n_using) over one_curve as n_using_before

    from adoption_curves

    window one_curve as (
        partition by program_id, tool_id, dimension, dimension_value
        order by week_number
    )

),

-- Running sums of logarithms are added up in any order: weeks without events may differ by 1e-16.
broken as (

    select *

    from beside_week_before

    where
        first_use_rate < first_use_rate_before - 1e-12
        or lapse_rate < lapse_rate_before - 1e-12
        or first_use_rate < 0
        or first_use_rate > 1
        or lapse_rate < 0
        or lapse_rate > 1
        or n_waiting > n_waiting_before
        or n_using > n_using_before
        or (first_use_rate is null) <> (n_waiting = 0)
        or (lapse_rate is null) <> (n_using = 0)

)

select * from broken
