-- Question: of the people who finished training, who uses the tool 30, 60 and 90 days later?
-- Say: the column `sentence`. Assigned people and completions are not the same: who enrolled
-- themselves completed, too. Completions that cannot be judged are told beside the rate.

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
        completion_rate,
        adoption_rate,
        adoption_rate_low,
        adoption_rate_high,
        conversion_rate,
        retention_rate,
        n_completed,
        n_eligible,
        n_completed - n_eligible as n_not_judged,
        evidence,
        {{ told_scope() }}
        || case
            when n_assigned >= {{ display_floor() }}
                then {{ told_percent('completion_rate') }} || ' of those assigned completed. '
            else 'too few were assigned, or nobody, to say how many completed. '
        end
        || case
            when evidence = 'sufficient'
                then
                    'Of the completions that can be judged '
                    || {{ told_percent('adoption_rate') }}
                    || ' were followed by use in the week that ends on day '
                    || cast(checkpoint_day as string) || ' (between '
                    || {{ told_percent('adoption_rate_low') }} || ' and '
                    || {{ told_percent('adoption_rate_high') }} || ').'
            else
                'Too few completions can be judged to say who uses it on day '
                || cast(checkpoint_day as string) || '.'
        end
        || case
            when n_completed > n_eligible
                then
                    ' Not judged: ' || {{ told_count('n_completed - n_eligible') }}
                    || ' more completions.'
            else ''
        end as sentence

    from adoption_rates

)

select * from answer
order by program_id, tool_id, checkpoint_day
