-- One row per employee, tool and index date: its weeks at risk, active and reverted, and the first
-- use after training.
--
-- Programs share index dates, so each is judged once here. first_use_day is NULL when no use was
-- seen through the last observed day; use after it proves nothing about the days between.

with

exposure as (

    select * from {{ ref('int_curve_exposure') }}

),

curve_use as (

    select * from {{ ref('int_curve_use') }}

),

weekly_use as (

    select * from {{ ref('int_curve_use_weekly') }}

),

-- one index date : zero or one summary of each kind of use (none: nothing was observed).
with_use as (

    select
        exposure.employee_id,
        exposure.tool_id,
        exposure.completion_date,
        exposure.usage_grain,
        exposure.open_weeks,
        exposure.at_risk_weeks,
        exposure.at_risk_weeks & case
            when exposure.usage_grain = 'weekly' then coalesce(weekly_use.weeks_of_use, 0)
            else coalesce(curve_use.weeks_of_use, 0)
        end as active_weeks,
        exposure.n_observed_days,
        case
            when curve_use.first_use_day <= exposure.n_observed_days
                then curve_use.first_use_day
        end as first_use_day

    from exposure

    left join curve_use
        on exposure.employee_id = curve_use.employee_id
        and exposure.tool_id = curve_use.tool_id
        and exposure.completion_date = curve_use.completion_date

    left join weekly_use
        on exposure.employee_id = weekly_use.employee_id
        and exposure.tool_id = weekly_use.tool_id
        and exposure.completion_date = weekly_use.completion_date

),

-- Twice a set of weeks is the set of the weeks that follow them: -1 is followed by 1.
with_reversion as (

    select
        employee_id,
        tool_id,
        completion_date,
        usage_grain,
        open_weeks,
        at_risk_weeks,
        active_weeks,
        at_risk_weeks & (2 * active_weeks) as reversion_at_risk_weeks,
        n_observed_days,
        first_use_day

    from with_use

),

curve_index_dates as (

    select
        employee_id,
        tool_id,
        completion_date,
        usage_grain,
        open_weeks,
        at_risk_weeks,
        active_weeks,
        reversion_at_risk_weeks,
        reversion_at_risk_weeks - (reversion_at_risk_weeks & active_weeks) as reverted_weeks,
        n_observed_days,
        first_use_day,
        {{ add_days('completion_date', 'first_use_day') }} as first_use_date

    from with_reversion

)

select * from curve_index_dates
