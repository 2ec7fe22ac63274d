-- One row per delivered period row (tool, alias, period) with the employee who held the alias on
-- its last day. Rows nobody can be named for stay, with their identity_status.

with

usage_periods as (

    select * from {{ ref('tool_usage_period') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

),

-- many period rows : zero or one owner, because the periods of an alias never overlap.
matched as (

    select
        usage_periods.source_system,
        usage_periods.tool_id,
        usage_periods.alias_type,
        usage_periods.alias_value,
        alias_owners.employee_id,
        coalesce(alias_owners.identity_status, 'unmatched') as identity_status,
        usage_periods.period_start,
        usage_periods.period_end,
        usage_periods.first_active_date,
        usage_periods.last_active_date,
        usage_periods.active_days,
        coalesce(usage_periods.interactions, 0) as interactions,
        coalesce(usage_periods.active_days, 0) > 0
        or coalesce(usage_periods.interactions, 0) > 0
        or coalesce(usage_periods.first_active_date, usage_periods.last_active_date) is not null
            as is_active

    from usage_periods

    left join alias_owners
        on usage_periods.alias_type = alias_owners.alias_type
        and usage_periods.alias_value = alias_owners.alias_value
        and usage_periods.period_end >= alias_owners.valid_from
        and usage_periods.period_end < alias_owners.valid_to

)

select * from matched
