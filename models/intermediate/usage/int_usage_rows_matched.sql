-- One row per delivered usage row (tool, alias, day, surface) with the employee who held the alias
-- on the usage date.
--
-- A view, because it is the largest grain and only two models read it. Usage nobody can be named
-- for stays, with its identity_status.

with

usage_rows as (

    select * from {{ ref('tool_usage_daily') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

),

-- many usage rows : zero or one owner, because the periods of an alias never overlap.
matched as (

    select
        usage_rows.source_system,
        usage_rows.tool_id,
        usage_rows.alias_type,
        usage_rows.alias_value,
        usage_rows.usage_date,
        usage_rows.surface,
        usage_rows.interactions,
        coalesce(
            usage_rows.is_active, coalesce(usage_rows.interactions, 0) > 0
        ) as is_active,
        alias_owners.employee_id,
        coalesce(alias_owners.identity_status, 'unmatched') as identity_status

    from usage_rows

    left join alias_owners
        on usage_rows.alias_type = alias_owners.alias_type
        and usage_rows.alias_value = alias_owners.alias_value
        and usage_rows.usage_date >= alias_owners.valid_from
        and usage_rows.usage_date < alias_owners.valid_to

)

select * from matched
