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
        learning_status,
        n_learners,
        n_completions,
        hris_join_rate,
        contract_end,
        platform || ': '
        || case
            when coalesce(n_contracts, 0) = 0
                then 'no contract valid on ' || cast(as_of_date as string) || ' is recorded'
            when n_contracts > 1 and has_outcome_data_clause
                then
                    'of its ' || cast(n_contracts as string)
                    || ' contracts one or more grants outcome data'
            when n_contracts > 1
                then
                    'of its ' || cast(n_contracts as string)
                    || ' contracts none is recorded to grant outcome data'
            when has_outcome_data_clause then 'the contract grants outcome data'
            when not has_outcome_data_clause then 'the contract grants no outcome data'
            else 'whether the contract grants outcome data is not recorded'
        end
        || case
            when n_contracts = 1 and contract_end is not null
                then ' (until ' || cast(contract_end as string) || ')'
            else ''
        end
        || '; '
        || case
            when learning_status <> 'measured' then 'its completions are not measured.'
            when n_learners >= {{ display_floor() }} and hris_join_rate is not null
                then
                    {{ told_percent('hris_join_rate') }}
                    || ' of its completions of the last 365 days can be joined to HR.'
            else 'too few completed anything to say how many can be joined to HR.'
        end as sentence

    from platform_portfolio

)

select * from answer
order by platform
