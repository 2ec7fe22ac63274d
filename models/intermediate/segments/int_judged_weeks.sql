-- One row per tool and ISO week (Monday to Sunday) that can be judged as a whole.
--
-- Days no delivery covers are counted, in the week and in the 12 and 4 weeks that end with it: what
-- was not delivered is unknown, never "no use".

with

delivered_days as (

    select * from {{ ref('int_delivered_days') }}

),

weeks as (

    select
        tool_id,
        week_start_date,
        cast(sum(case when is_covered then 0 else 1 end) as integer) as n_uncovered_days

    from delivered_days

    group by
        tool_id,
        week_start_date

    -- The last week may not be over.
    having count(*) = 7

),

judged_weeks as (

    select
        tool_id,
        week_start_date,
        n_uncovered_days,
        cast(sum(n_uncovered_days) over (
            partition by tool_id
            order by week_start_date
            rows between 11 preceding and current row
        ) as integer) as n_uncovered_days_12w,
        cast(sum(n_uncovered_days) over (
            partition by tool_id
            order by week_start_date
            rows between 3 preceding and current row
        ) as integer) as n_uncovered_days_4w

    from weeks

)

select * from judged_weeks
