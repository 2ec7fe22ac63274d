-- Question: compared with people who were not trained yet, did use change with the training?
-- Say: the column `sentence`, one for each reading (`estimator`). Where the readings disagree, say
-- both: neither is proof. What cannot be told has no number, but the smallest effect that could
-- have been seen, if there is one.

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
        control_group,
        n_treated,
        n_controls,
        effect_points,
        effect_points_low,
        effect_points_high,
        p_value,
        smallest_detectable_points,
        pretrend_p_value,
        verdict,
        verdict_reason,
        {{ told_scope() }}
        || case
            when verdict = 'cannot tell'
                then
                    'it cannot be told (' || {{ told_reason('verdict_reason') }} || ') what '
                    || case estimator
                        when 'completion' then 'training changed'
                        when 'assignment' then 'being asked to train changed'
                        when 'team_mates' then 'the training of a team mate changed'
                        when 'matched' then 'training changed among people who were alike before'
                        else estimator || ' changed'
                    end
                    || case
                        when verdict_reason = 'small_sample'
                            then
                                '; an effect below '
                                || {{ told_size('smallest_detectable_points') }}
                                || ' points could have been missed'
                        else ''
                    end
                    || '.'
            else
                case verdict when 'effect' then '' else 'no significant difference: ' end
                || case estimator
                    when 'completion' then 'after training'
                    when 'assignment' then 'after being asked to train, finished or not,'
                    when 'team_mates' then 'once the first of their team was trained,'
                    when 'matched' then 'up to three months after training'
                    else estimator || ':'
                end
                || case estimator
                    when 'matched' then ' the share who used it in a week was '
                    else ' the share of weeks with use changed by '
                end
                || {{ told_points('effect_points') }}
                || {{ told_interval('effect_points_low', 'effect_points_high') }}
                || case
                    when estimator = 'matched' then ' against people who were alike before'
                    when estimator = 'team_mates'
                        then ' against people of teams without anybody trained'
                    when estimator = 'assignment' then ' against people not asked'
                    else ' against people not trained'
                end
                || case
                    when estimator <> 'matched' and control_group = 'not_yet_treated' then ' yet'
                    else ''
                end
                || '. Observed, not proven.'
        end as sentence

    from training_effects

)

select * from answer
order by program_id, tool_id, estimator
