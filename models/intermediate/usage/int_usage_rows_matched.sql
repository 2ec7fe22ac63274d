-- One row per delivered usage row (tool, alias, day, surface) with the employee who held the alias
-- on the usage date.
--
-- The largest grain, so it carries an alias only where nobody can be named for it; such usage
-- stays, with its identity_status.
-- depends_on: {{ ref('int_usage_months') }}
{{ config(materialized='monthly', month_column='usage_month', months='int_usage_months') }}

with

usage_rows as (

    select
        source_system,
        tool_id,
        alias_type,
        alias_value,
        usage_date,
        surface,
        interactions,
        is_active,
        {{ month_of('usage_date') }} as usage_month

    from {{ ref('tool_usage_daily') }}

    where {{ built_months('usage_date') }}

),

alias_owners as (

    select * from {{ ref('int_usage_alias_owners') }}

    where {{ built_months('usage_month') }}

),

-- many usage rows : zero or one owner, because the periods of an alias never overlap.
matched as (

    select
        usage_rows.source_system,
        usage_rows.tool_id,
        case
            when alias_owners.employee_id is null then usage_rows.alias_type
        end as unnamed_alias_type,
        case
            when alias_owners.employee_id is null then usage_rows.alias_value
        end as unnamed_alias_value,
        usage_rows.usage_date,
        usage_rows.surface,
        usage_rows.interactions,
        coalesce(
            usage_rows.is_active, coalesce(usage_rows.interactions, 0) > 0
        ) as is_active,
        alias_owners.employee_id,
        coalesce(alias_owners.identity_status, 'unmatched') as identity_status,
        usage_rows.usage_month

    from usage_rows

    left join alias_owners
        on usage_rows.usage_month = alias_owners.usage_month
        and usage_rows.alias_type = alias_owners.alias_type
        and usage_rows.alias_value = alias_owners.alias_value
        and usage_rows.usage_date >= alias_owners.valid_from
        and usage_rows.usage_date < alias_owners.valid_to

)

select * from matched
