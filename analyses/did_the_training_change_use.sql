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
                    || coalesce(
                        '; an effect below ' || {{ told_size('smallest_detectable_points') }}
                        || ' of 100 could have been missed', ''
                    )
                    || '.'
            else
                case verdict when 'effect' then '' else 'no significant difference: ' end
                || case estimator
                    when 'completion' then 'after training people used it in '
                    when 'assignment'
                        then 'after being asked to train, finished or not, people used it in '
                    when 'team_mates'
                        then 'once the first of their team was trained, others used it in '
                    when 'matched' then 'in the last week of a month after training '
                    else estimator || ': '
                end
                || {{ told_change('effect_points') }}
                || case estimator
                    when 'completion' then ' of 100 weeks than people not trained yet'
                    when 'assignment' then ' of 100 weeks than people not asked yet'
                    when 'team_mates' then ' of 100 weeks than people of other teams'
                    when 'matched' then ' of 100 used it than of people who were alike before'
                    else ' of 100'
                end
                || ' (from ' || {{ told_change('effect_points_low') }} || ' to '
                || {{ told_change('effect_points_high') }} || '). Observed, not proven.'
        end as sentence

    from training_effects

)

select * from answer
order by program_id, tool_id, estimator
