-- Question: how much could the people who left before we could judge them change the answer?
-- Say: the column `sentence`. The bounds assume the worst and the best of all leavers; the truth is
-- between.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension = 'all'

),

judged as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        n_eligible,
        n_left_before_day_n,
        adoption_rate_if_leavers_none,
        adoption_rate,
        adoption_rate_if_leavers_all,
        target_rate,
        case
            when n_eligible < {{ display_floor() }} then 'insufficient evidence'
            when n_left_before_day_n = 0 then 'nobody left'
            when adoption_rate_if_leavers_none >= target_rate
                then 'on target even if no leaver had adopted'
            when adoption_rate_if_leavers_all < target_rate
                then 'below target even if every leaver had adopted'
            else 'whether the target is met depends on the leavers'
        end as verdict

    from adoption_rates

),

answer as (

    select
        *,
        {{ told_scope() }} || verdict
        || case verdict
            when 'insufficient evidence' then ' on day ' || cast(checkpoint_day as string) || '.'
            when 'nobody left' then ' before day ' || cast(checkpoint_day as string) || '.'
            else
                ' (target ' || {{ told_percent('target_rate', 1) }} || ', day '
                || cast(checkpoint_day as string) || '). Of those judged '
                || {{ told_percent('adoption_rate', 1) }}
                || ' adopted; had none of those who left before adopted, it would be '
                || {{ told_percent('adoption_rate_if_leavers_none', 1) }} || ', had all, '
                || {{ told_percent('adoption_rate_if_leavers_all', 1) }} || '.'
        end as sentence

    from judged

)

select * from answer
order by program_id, tool_id, checkpoint_day
