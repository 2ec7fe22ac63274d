-- One row per tool and week that can be judged as a whole: ISO weeks (Monday to Sunday), or the
-- delivered weeks of a weekly tool.
--
-- Days no delivery covers are counted, in the week and in the 12 and 4 weeks that end with it: what
-- was not delivered is unknown, never "no use". Days before the tool's first week are not covered.

with

delivered_days as (

    select * from {{ ref('int_delivered_days') }}

),

weeks as (

    select
        tool_id,
        week_start_date,
        min(case when is_covered then usage_date end) as first_covered_date,
        cast(sum(case when is_covered then 0 else 1 end) as integer) as n_uncovered_days

    from delivered_days

    group by
        tool_id,
        week_start_date

    -- The last week may not be over.
    having count(*) = 7

),

with_window as (

    select
        tool_id,
        week_start_date,
        {{ add_days('week_start_date', 6) }} as week_end_date,
        n_uncovered_days,
        cast(84 - sum(7 - n_uncovered_days) over (
            partition by tool_id
            order by week_start_date
            rows between 11 preceding and current row
        ) as integer) as n_uncovered_days_12w,
        cast(28 - sum(7 - n_uncovered_days) over (
            partition by tool_id
            order by week_start_date
            rows between 3 preceding and current row
        ) as integer) as n_uncovered_days_4w,
        lag(n_uncovered_days) over (
            partition by tool_id
            order by week_start_date
        ) as n_uncovered_days_before,
        min(first_covered_date) over (partition by tool_id) as first_covered_date

    from weeks

),

judged_weeks as (

    select
        tool_id,
        week_start_date,
        week_end_date,
        n_uncovered_days,
        n_uncovered_days_12w,
        n_uncovered_days_4w,
        coalesce({{ add_days('week_start_date', -77) }} >= first_covered_date, false)
            as has_history_12w,
        coalesce({{ add_days('week_start_date', -21) }} >= first_covered_date, false)
            as has_history_4w,
        coalesce(n_uncovered_days = 0 and n_uncovered_days_before = 0, false)
            as has_transitions

    from with_window

)

select * from judged_weeks
