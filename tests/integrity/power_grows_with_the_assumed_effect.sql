-- Finds: a power of effect_power outside 0 to 1, or one that falls while the assumed effect grows.
-- When it matters: plans for the next program are made from it.
-- Fix: look at the tails and their signs in effect_power.

with

effect_power as (

    select
        program_id,
        tool_id,
        estimator,
        assumed_points,
        power_rate,
        max(power_rate) over (
            partition by program_id, tool_id, estimator
            order by assumed_points
            rows between unbounded preceding and 1 preceding
        ) as power_of_less

    from {{ ref('effect_power') }}

),

wrong_rows as (

    select * from effect_power

    where
        power_rate < 0
        or power_rate > 1
        or power_rate < power_of_less

)

select * from wrong_rows
