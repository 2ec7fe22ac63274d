-- Question: do the contracts with learning platforms give us the data to judge outcomes, and can
-- what they deliver be joined to our people?
-- Say: the column `sentence`. What a contract does not say is not a no.

with

platform_portfolio as (

    select * from {{ ref('platform_portfolio') }}

),

answer as (

    select
        platform,
        n_contracts,
        has_outcome_data_clause,
        integrates_xapi,
        n_completions,
        hris_join_rate,
        contract_end,
        platform || ': '
        || case
            when coalesce(n_contracts, 0) = 0 then 'no contract is recorded'
            when has_outcome_data_clause then 'the contract grants outcome data'
            when not has_outcome_data_clause then 'the contract grants no outcome data'
            else 'whether the contract grants outcome data is not recorded'
        end
        || coalesce(' (until ' || cast(contract_end as string) || ')', '') || '; '
        || case
            when n_completions >= {{ display_floor() }} and hris_join_rate is not null
                then
                    cast(cast(round(100 * hris_join_rate) as integer) as string)
                    || '% of its completions can be joined to HR.'
            else 'of its completions too few are known to say how many can be joined to HR.'
        end as sentence

    from platform_portfolio

)

select * from answer
order by platform
