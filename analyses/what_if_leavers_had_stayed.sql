-- Question: how much could the people who left before we could judge them change the answer?
-- Say: "<sentence>." The bounds assume the worst and the best of all leavers; the truth is between.

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension = 'all'

),

answer as (

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
        end as sentence

    from adoption_rates

)

select * from answer
order by program_id, tool_id, checkpoint_day
