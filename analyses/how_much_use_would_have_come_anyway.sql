-- Question: how much of the headline is people who would have used the tool anyway?
-- Say: the column `sentence`. Observational: something nobody measured may lie behind it; how
-- strong it would have to be is e_value, and e_value_of_interval to leave the rest to chance. Only
-- of an effect is it told how much of the use would have come anyway.

with

training_effects as (

    select * from {{ ref('training_effects') }}

    where
        estimator = 'matched'
        and aggregation = 'overall'

),

with_anyway_rate as (

    select
        *,
        -- `least` of nothing and 1 is 1.
        case
            when treated_rate > 0
                then least(1, {{ safe_rate('control_rate', 'treated_rate') }})
        end as anyway_rate

    from training_effects

),

answer as (

    select
        program_id,
        tool_id,
        n_treated,
        n_controls,
        treated_rate,
        control_rate,
        anyway_rate,
        effect_points,
        effect_points_low,
        effect_points_high,
        e_value,
        e_value_of_interval,
        n_cells,
        n_dropped_cells,
        verdict,
        verdict_reason,
        {{ told_scope() }}
        || case
            when treated_rate is null or control_rate is null then ''
            else
                {{ told_percent('treated_rate') }}
                || ' of the trained who can be compared used it in a week up to three months '
                || 'after it, of people who were alike before and not trained '
                || {{ told_percent('control_rate') }}
                || case
                    when n_dropped_cells > 0
                        then
                            ' (' || cast(n_dropped_cells as string) || ' of '
                            || cast(n_dropped_cells + n_cells as string)
                            || ' groups of trained people have nobody like them)'
                    else ''
                end
                || '. '
        end
        || case
            when verdict = 'cannot tell'
                then
                    'How much would have come anyway cannot be told ('
                    || {{ told_reason('verdict_reason') }} || ').'
            when verdict <> 'effect' then 'No significant difference: all of it may have.'
            when effect_points < 0 then 'The trained use it less.'
            else
                'About ' || {{ told_percent('anyway_rate') }}
                || ' of the use would have come anyway.'
                || coalesce(
                    ' Something nobody measured could explain the rest alone if it made both '
                    || 'training and use ' || {{ told_size('e_value') }}
                    || ' times as likely, and with chance if it were '
                    || {{ told_size('e_value_of_interval') }} || ' times.',
                    ''
                )
        end
        || ' Observed, not proven.' as sentence

    from with_anyway_rate

)

select * from answer
order by program_id, tool_id
