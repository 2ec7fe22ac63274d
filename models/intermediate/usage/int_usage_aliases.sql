-- One row per month and alias with usage. Tells which owners matter to a month, so that a change in
-- HR rebuilds the months it touches and no others.
-- depends_on: {{ ref('usage_months') }}
{{ config(materialized='monthly', month_column='usage_month', months='usage_months') }}

with

alias_rows as (

    select * from {{ ref('int_usage_alias_rows') }}

    where {{ built_months('usage_month') }}

),

aliases as (

    select distinct
        alias_type,
        alias_value,
        usage_month

    from alias_rows

),

with_next_month as (

    select
        alias_type,
        alias_value,
        {{ month_of(add_days('usage_month', 31)) }} as next_month,
        usage_month

    from aliases

)

select * from with_next_month
