-- One row per contract with a learning platform; both dates are inside the contract, NULL is open.

with

platform_contracts as (

    select
        {{ reference_columns(ref('platform_contracts'), {
            'platform': 'string',
            'contract_start': 'date',
            'contract_end': 'date',
            'annual_cost': 'double',
            'currency': 'string',
            'seats': 'integer',
            'has_outcome_data_clause': 'boolean',
            'refresh_cadence_months': 'integer',
            'integrates_xapi': 'boolean',
            'integrates_scorm': 'boolean'
        }) }}

    from {{ ref('platform_contracts') }}

)

select * from platform_contracts
