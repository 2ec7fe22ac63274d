-- Question: compared with people who were not trained yet, did use change with the training?
-- Say: "<verdict>: after training people used the tool in <effect_points> more of 100 weeks than
-- people not trained yet, between <effect_points_low> and <effect_points_high>." Where the verdict
-- is `cannot tell`, give the reason and, if there is one, the smallest effect that could have been
-- seen. `assignment` is what asking people to train did, whether they finished or not. Of `matched`
-- say: "among people who were alike before, <effect_points> more of 100 used the tool in the last
-- week of a month after it." Where the readings disagree, say both: neither is proof.

with

training_effects as (

    select * from {{ ref('training_effects') }}

    where aggregation = 'overall'

),

answer as (

    select
        program_id,
        tool_id,
        estimator,
        n_treated,
        n_controls,
        effect_points,
        effect_points_low,
        effect_points_high,
        p_value,
        smallest_detectable_points,
        pretrend_p_value,
        verdict,
        verdict_reason

    from training_effects

)

select * from answer
order by program_id, tool_id, estimator
