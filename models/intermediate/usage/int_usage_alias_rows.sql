-- One row per source, alias and month with usage: how many rows. What is asked of aliases reads
-- this instead of the usage rows, which are many times as many.
-- depends_on: {{ ref('usage_months') }}
{{ config(materialized='monthly', month_column='usage_month', months='usage_months') }}

with

usage_rows as (

    select * from {{ ref('tool_usage_daily') }}

    where {{ built_months('usage_date') }}

),

alias_rows as (

    select
        source_system,
        alias_type,
        alias_value,
        cast(count(*) as bigint) as n_rows,
        {{ month_of('usage_date') }} as usage_month

    from usage_rows

    group by
        source_system,
        alias_type,
        alias_value,
        {{ month_of('usage_date') }}

)

select * from alias_rows
