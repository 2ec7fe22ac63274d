-- One row per source, usage feed and tool: how many days between the first and the last delivered
-- day no delivery proves.
--
-- A day that two deliveries speak for is one day. is_inferred: nobody reported deliveries, so
-- every day between the first and the last row counts as delivered, and a failed export shows as
-- no use.

with

feed_deliveries as (

    select * from {{ ref('int_feed_deliveries') }}

    where
        is_delivered
        and date_from <= date_to

),

with_earlier_end as (

    select
        source_system,
        feed,
        tool_id,
        is_inferred,
        date_from,
        date_to,
        max(date_to) over (
            partition by source_system, feed, tool_id
            order by date_from, date_to
            rows between unbounded preceding and 1 preceding
        ) as earlier_end

    from feed_deliveries

),

-- Of each delivery the days that no earlier one speaks for.
with_new_days as (

    select
        source_system,
        feed,
        tool_id,
        is_inferred,
        date_from,
        date_to,
        case
            when earlier_end is null or earlier_end < date_from
                then {{ days_between('date_to', 'date_from') }} + 1
            when earlier_end < date_to then {{ days_between('date_to', 'earlier_end') }}
            else 0
        end as n_new_days

    from with_earlier_end

),

per_feed as (

    select
        source_system,
        feed,
        tool_id,
        min(date_from) as first_date,
        max(date_to) as last_date,
        sum(n_new_days) as n_days,
        bool_or(is_inferred) as is_inferred

    from with_new_days

    group by source_system, feed, tool_id

),

coverage as (

    select
        source_system,
        feed,
        tool_id,
        cast({{ days_between('last_date', 'first_date') }} + 1 as bigint) as n_checked,
        cast({{ days_between('last_date', 'first_date') }} + 1 - n_days as bigint) as n_affected,
        first_date,
        last_date,
        is_inferred

    from per_feed

)

select * from coverage
