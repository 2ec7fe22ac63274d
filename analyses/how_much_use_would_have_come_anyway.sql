-- Question: how much of the headline is people who would have used the tool anyway?
-- Say: the column `sentence`. Observational: something nobody measured may lie behind it; how
-- strong it would have to be is e_value_of_interval, and where that is 1 chance explains it
-- already.

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
        verdict,
        verdict_reason,
        {{ told_scope() }}
        || case
            when treated_rate is null or control_rate is null
                then 'it cannot be told (' || {{ told_reason('verdict_reason') }} || ').'
            else
                {{ told_percent('treated_rate') }}
                || ' of the trained used it in the last week of a month after training; of people '
                || 'who were alike before and not trained ' || {{ told_percent('control_rate') }}
                || ' did. '
                || case
                    when anyway_rate is null then 'There is no use to explain.'
                    when control_rate >= treated_rate then 'All of it would have come anyway.'
                    else
                        'About ' || {{ told_percent('anyway_rate') }}
                        || ' of the use would have come anyway.'
                end
                || case
                    when e_value_of_interval > 1
                        then
                            ' Something nobody measured could explain the rest if it made both '
                            || 'training and use ' || {{ told_size('e_value_of_interval') }}
                            || ' times as likely.'
                    when e_value_of_interval = 1 then ' Chance explains the difference already.'
                    else ''
                end
        end as sentence

    from with_anyway_rate

)

select * from answer
order by program_id, tool_id
