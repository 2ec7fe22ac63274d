-- Question: how much of the headline is people who would have used the tool anyway?
-- Say: "Of 100 trained people <treated_rate x 100> used the tool in the last week of a month after
-- it. Of people who were alike before and not trained, <control_rate x 100> did: about
-- <anyway_rate x 100>% of the use would have come anyway. Something nobody measured could explain
-- the difference alone if it made both training and use <e_value_of_interval> times as likely."
-- Where e_value_of_interval is 1, chance explains it already. Observational.

with

training_effects as (

    select * from {{ ref('training_effects') }}

    where
        estimator = 'matched'
        and aggregation = 'overall'

),

answer as (

    select
        program_id,
        tool_id,
        n_treated,
        n_controls,
        treated_rate,
        control_rate,
        least(1, {{ safe_rate('control_rate', 'treated_rate') }}) as anyway_rate,
        effect_points,
        effect_points_low,
        effect_points_high,
        e_value,
        e_value_of_interval,
        verdict,
        verdict_reason

    from training_effects

)

select * from answer
order by program_id, tool_id
