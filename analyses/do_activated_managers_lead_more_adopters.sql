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

with_reference as (

    select
        *,
        max(case when dimension_value = 'not_activated' then adoption_rate end) over (
            partition by program_id, tool_id, checkpoint_day
        ) as reference_adoption_rate

    from effects

),

answer as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        n_managers,
        n_eligible,
        adoption_rate,
        n_reference_managers,
        n_reference_eligible,
        reference_adoption_rate,
        adjusted_difference_points,
        adjusted_difference_points_low,
        adjusted_difference_points_high,
        benchmark_low_points,
        benchmark_high_points,
        verdict,
        verdict_reason

    from with_reference

    where dimension_value = 'activated'

)

select * from answer
order by program_id, tool_id, checkpoint_day
