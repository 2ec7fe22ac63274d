-- Question: of the people who finished training, who uses the tool 30, 60 and 90 days later?
-- Say: "<completion_rate> finished; of those we can judge, <adoption_rate> use the tool in the week
-- that ends on day <checkpoint_day>, between <adoption_rate_low> and <adoption_rate_high>." Where
-- evidence is not sufficient, say that instead.

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
        evidence

    from adoption_rates

)

select * from answer
order by program_id, tool_id, checkpoint_day
