-- One row per tool, employee and month of a panel in which the person used the tool: the share of
-- the month's covered weeks with use, and whether the last of them had any.
--
-- Months without use have no row. Use in weeks that are not covered is left out.

with

active_weeks as (

    select * from {{ ref('int_active_weeks') }}

),

effect_weeks as (

    select
        *,
        max(week_start_date) over (partition by tool_id, period) as last_week_start_date

    from {{ ref('int_effect_weeks') }}

),

-- many weeks with use : zero or one covered week of a month. Use in other weeks is excluded.
outcomes as (

    select
        active_weeks.employee_id,
        active_weeks.tool_id,
        effect_weeks.period,
        cast(count(*) as double) / max(effect_weeks.n_weeks) as share_of_weeks,
        bool_or(effect_weeks.week_start_date = effect_weeks.last_week_start_date)
            as is_active_in_last_week

    from active_weeks

    inner join effect_weeks
        on active_weeks.tool_id = effect_weeks.tool_id
        and active_weeks.week_start_date = effect_weeks.week_start_date

    group by
        active_weeks.employee_id,
        active_weeks.tool_id,
        effect_weeks.period

)

select * from outcomes
