-- One row per tool, employee and period of its period rows.
--
-- is_judged_week: seven days long and ending on the weekday the tool's weeks end on; other rows
-- only prove activity on their first and last active date. Of several rows of one person for one
-- period the greatest active_days counts: nobody can tell how many days they share.

with

usage_periods as (

    select * from {{ ref('int_usage_periods_matched') }}

    where employee_id is not null

),

week_endings as (

    select * from {{ ref('int_tool_week_endings') }}

),

-- many period rows : zero or one week ending (none: the tool has no seven-day row, so no judged
-- week).
with_week_ending as (

    select
        usage_periods.tool_id,
        usage_periods.employee_id,
        usage_periods.period_start,
        usage_periods.period_end,
        usage_periods.first_active_date,
        usage_periods.last_active_date,
        usage_periods.active_days,
        usage_periods.interactions,
        usage_periods.is_active,
        coalesce(
            {{ days_between('usage_periods.period_end', 'usage_periods.period_start') }} = 6
            and {{ iso_weekday('usage_periods.period_end') }} = week_endings.week_end_weekday,
            false
        ) as is_judged_week

    from usage_periods

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
        cast(max(coalesce(active_days, case when is_active then 1 else 0 end)) as bigint)
            as active_days,
        cast(sum(interactions) as bigint) as interactions

    from with_week_ending

    group by
        tool_id,
        employee_id,
        period_start,
        period_end,
        is_judged_week

)

select * from per_person
