-- One row per learning platform: a source with a completion, or with a contract valid on
-- as_of_date; with the terms of its contracts.
--
-- A source that only lists courses or assignments is no platform: nobody learns there. Money of
-- several contracts is added up only where each states a cost, in one currency. is_delivered false:
-- it is paid for, and no learning events of it come here.

with

training_events as (

    select
        source_system,
        event_date

    from {{ ref('int_training_events') }}

    where training_event = 'satisfied'

),

delivered as (

    select distinct source_system

    from {{ ref('learning_events') }}

),

contracts as (

    select
        *,
        coalesce(contract_start, {{ always() }}) as first_day,
        coalesce(contract_end, {{ still() }}) as last_day

    from {{ ref('stg_reference__platform_contracts') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many contracts : zero or one settings row. Contracts not valid on as_of_date are excluded.
terms as (

    select
        contracts.platform,
        cast(count(*) as integer) as n_contracts,
        case
            when
                count(contracts.annual_cost) = count(*)
                and min(coalesce(contracts.currency, '')) = max(coalesce(contracts.currency, ''))
                then sum(contracts.annual_cost)
        end as annual_cost,
        case
            when min(coalesce(contracts.currency, '')) = max(coalesce(contracts.currency, ''))
                then min(contracts.currency)
        end as currency,
        cast(sum(contracts.seats) as bigint) as contract_seats,
        max(contracts.last_day) as contract_end,
        bool_or(contracts.has_outcome_data_clause) as has_outcome_data_clause,
        min(contracts.refresh_cadence_months) as refresh_cadence_months,
        bool_or(contracts.integrates_xapi) as integrates_xapi,
        bool_or(contracts.integrates_scorm) as integrates_scorm

    from contracts

    inner join settings
        on contracts.first_day <= settings.as_of_date
        and contracts.last_day >= settings.as_of_date

    group by contracts.platform

),

first_days as (

    select
        source_system,
        min(event_date) as first_completion_date

    from training_events

    group by source_system

),

names as (

    select source_system as platform

    from first_days

    union

    select platform

    from terms

),

-- one platform : zero or one first completion, delivered source and contract's terms. Platforms
-- without any of them stay.
platforms as (

    select
        names.platform,
        delivered.source_system is not null as is_delivered,
        first_days.first_completion_date,
        coalesce(terms.n_contracts, 0) as n_contracts,
        terms.annual_cost,
        terms.currency,
        terms.contract_seats,
        case when terms.contract_end < {{ still() }} then terms.contract_end end as contract_end,
        terms.has_outcome_data_clause,
        terms.refresh_cadence_months,
        terms.integrates_xapi,
        terms.integrates_scorm

    from names

    left join first_days
        on names.platform = first_days.source_system

    left join delivered
        on names.platform = delivered.source_system

    left join terms
        on names.platform = terms.platform

)

select * from platforms
