-- Question: do the teams of managers who were trained first adopt more?
-- Say: "In teams whose manager completed enablement before them <adoption_rate> adopted, in the
-- others <reference_adoption_rate>. Among like people that is a difference of
-- <adjusted_difference_points> points, between <adjusted_difference_points_low> and
-- <adjusted_difference_points_high>: <verdict>." Observed, not proven: managers were not chosen by
-- lot. Where the verdict is `cannot tell`, say no difference at all.

with

effects as (

    select * from {{ ref('manager_activation_effects') }}

    where dimension = 'activation_status'

),

managers_not_activated as (

    select * from effects

    where dimension_value = 'not_activated'

),

managers_activated as (

    select * from effects

    where dimension_value = 'activated'

),

-- one group : the one it is compared with, of the same program, tool and N.
answer as (

    select
        managers_activated.program_id,
        managers_activated.tool_id,
        managers_activated.checkpoint_day,
        managers_activated.n_managers,
        managers_activated.n_eligible,
        managers_activated.adoption_rate,
        managers_activated.n_reference_managers,
        managers_activated.n_reference_eligible,
        managers_not_activated.adoption_rate as reference_adoption_rate,
        managers_activated.adjusted_difference_points,
        managers_activated.adjusted_difference_points_low,
        managers_activated.adjusted_difference_points_high,
        managers_activated.benchmark_low_points,
        managers_activated.benchmark_high_points,
        managers_activated.verdict,
        managers_activated.verdict_reason

    from managers_activated

    inner join managers_not_activated
        on managers_activated.program_id = managers_not_activated.program_id
        and managers_activated.tool_id = managers_not_activated.tool_id
        and managers_activated.checkpoint_day = managers_not_activated.checkpoint_day

)

select * from answer
order by program_id, tool_id, checkpoint_day
