-- One row per tool and covered week of a month that a panel could have, with the weeks it shares
-- the month with. A week belongs to the month it ends in.
--
-- A month counts when more than half of the weeks that end in it are covered on every day; only
-- these make its outcome. Weeks that are not covered are left out, not read as weeks without use.

with

judged_weeks as (

    select * from {{ ref('int_judged_weeks') }}

),

with_months as (

    select
        tool_id,
        week_start_date,
        n_uncovered_days,
        {{ month_of('week_end_date') }} as month_start_date

    from judged_weeks

),

counted as (

    select
        tool_id,
        week_start_date,
        n_uncovered_days,
        month_start_date,
        sum(case when n_uncovered_days = 0 then 1 else 0 end) over one_month as n_weeks,
        min(week_start_date) over one_month as first_week_start_date,
        max(week_start_date) over one_month as last_week_start_date,
        count(*) over one_month as n_judged_weeks

    from with_months

    window one_month as (partition by tool_id, month_start_date)

),

weeks as (

    select
        tool_id,
        week_start_date,
        month_start_date,
        {{ add_days(month_of(add_days('month_start_date', 31)), -1) }} as month_end_date,
        {{ month_number('month_start_date') }} as period,
        cast(n_weeks as integer) as n_weeks

    from counted

    where
        n_uncovered_days = 0
        and 2 * n_weeks > n_judged_weeks
        -- Otherwise the tool's first or last judged week lies within the month.
        and {{ add_days('first_week_start_date', -1) }} < month_start_date
        and {{ month_of(add_days('last_week_start_date', 13)) }} > month_start_date

)

select * from weeks
