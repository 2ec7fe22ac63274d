-- One row per delivered period row of a tool with the employee who held the alias on its last day.
--
-- is_judged_week: seven days long and ending on the weekday the tool's weeks end on; other rows
-- only prove activity on their first and last active date. Unmatched rows are excluded here and
-- counted in int_unmatched_identities.

with

usage_periods as (

    select * from {{ ref('tool_usage_period') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

    where identity_status = 'matched'

),

week_endings as (

    select * from {{ ref('int_tool_week_endings') }}

),

-- many period rows : zero or one owner (none: excluded, counted elsewhere); many period rows :
-- zero or one week ending (none: the tool has no seven-day row, so no judged week).
matched as (

    select
        usage_periods.source_system,
        usage_periods.tool_id,
        usage_periods.alias_type,
        usage_periods.alias_value,
        alias_owners.employee_id,
        usage_periods.period_start,
        usage_periods.period_end,
        usage_periods.first_active_date,
        usage_periods.last_active_date,
        coalesce(usage_periods.interactions, 0) as interactions,
        case
            when usage_periods.active_days is not null then usage_periods.active_days > 0
            when usage_periods.interactions is not null then usage_periods.interactions > 0
            else coalesce(usage_periods.first_active_date, usage_periods.last_active_date)
                is not null
        end as is_active,
        usage_periods.active_days,
        coalesce(
            {{ days_between('usage_periods.period_end', 'usage_periods.period_start') }} = 6
            and {{ iso_weekday('usage_periods.period_end') }} = week_endings.week_end_weekday,
            false
        ) as is_judged_week

    from usage_periods

    inner join alias_owners
        on usage_periods.alias_type = alias_owners.alias_type
        and usage_periods.alias_value = alias_owners.alias_value
        and usage_periods.period_end >= alias_owners.valid_from
        and usage_periods.period_end < alias_owners.valid_to

    left join week_endings
        on usage_periods.tool_id = week_endings.tool_id

),

per_person as (

    select
        tool_id,
        employee_id,
        period_start,
        period_end,
        is_judged_week,
        min(first_active_date) as first_active_date,
        max(last_active_date) as last_active_date,
        bool_or(is_active) as is_active,
        cast(least(
            sum(coalesce(active_days, case when is_active then 1 else 0 end)),
            {{ days_between('period_end', 'period_start') }} + 1
        ) as bigint) as active_days,
        cast(sum(interactions) as bigint) as interactions

    from matched

    group by
        tool_id,
        employee_id,
        period_start,
        period_end,
        is_judged_week

)

select * from per_person
