-- Question: do the teams of managers who were trained first adopt more?
-- Say: the column `sentence`. Observed, not proven: managers were not chosen by lot. Where the
-- verdict is `cannot tell`, both rates are told where enough people stand behind them, and no
-- difference.

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
        verdict_reason,
        {{ told_scope() }}
        || case
            when
                n_eligible >= {{ display_floor() }}
                and n_reference_eligible >= {{ display_floor() }}
                then
                    'in teams whose manager completed enablement before them '
                    || {{ told_percent('adoption_rate') }} || ' adopted on day '
                    || cast(checkpoint_day as string) || ' (' || cast(n_eligible as string)
                    || ' people, ' || cast(n_managers as string)
                    || ' managers), in teams of managers who never did '
                    || {{ told_percent('reference_adoption_rate') }} || ' ('
                    || cast(n_reference_eligible as string) || ' people, '
                    || cast(n_reference_managers as string) || ' managers). '
            else 'too few can be judged on day ' || cast(checkpoint_day as string) || '. '
        end
        || case verdict
            when 'cannot tell'
                then
                    'Whether the enablement of managers makes a difference cannot be told ('
                    || {{ told_reason('verdict_reason') }} || ').'
            else
                'Among like people ' || {{ told_points('adjusted_difference_points') }}
                || {{ told_interval(
                    'adjusted_difference_points_low', 'adjusted_difference_points_high'
                ) }}
                || ': '
                || case verdict when 'effect' then 'significant by itself' else verdict end
                || '. Observed, not proven.'
        end as sentence

    from with_reference

    where dimension_value = 'activated'

)

select * from answer
order by program_id, tool_id, checkpoint_day
