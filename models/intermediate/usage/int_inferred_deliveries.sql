-- One row per unbroken span of days that a usage feed without reported deliveries speaks for.
--
-- The span of a tool goes from its first to its last day; each file that failed its check takes its
-- days out of it, because nobody knows what it would have said.

with

feed_tools as (

    select * from {{ ref('int_feed_tools') }}

),

reported_deliveries as (

    select * from {{ ref('int_reported_deliveries') }}

),

-- The whole span comes first, as a hole that ends before it begins.
spans_and_holes as (

    select
        source_system,
        feed,
        tool_id,
        first_date,
        last_date,
        first_date as hole_from,
        {{ add_days('first_date', -1) }} as hole_to,
        0 as n_reported,
        0 as is_hole

    from feed_tools

    union all

    select
        source_system,
        feed,
        tool_id,
        cast(null as date) as first_date,
        cast(null as date) as last_date,
        date_from as hole_from,
        date_to as hole_to,
        case when coalesce(is_unreported, false) then 0 else 1 end as n_reported,
        1 as is_hole

    from reported_deliveries

    where
        not coalesce(is_unreported, false)
        or date_from <= date_to

),

between_holes as (

    select
        source_system,
        feed,
        tool_id,
        min(first_date) over (partition by source_system, feed, tool_id) as first_date,
        min(last_date) over (partition by source_system, feed, tool_id) as last_date,
        sum(n_reported) over (partition by source_system, feed, tool_id) as n_reported,
        {{ add_days(
            'max(hole_to) over (
            partition by source_system, feed, tool_id
            order by is_hole, hole_from, hole_to
            rows between unbounded preceding and current row
        )', 1
        ) }} as date_from,
        {{ add_days(
            'lead(hole_from) over (
            partition by source_system, feed, tool_id
            order by is_hole, hole_from, hole_to
        )', -1
        ) }} as date_before_next_hole

    from spans_and_holes

),

spans as (

    select
        source_system,
        feed,
        tool_id,
        greatest(date_from, first_date) as date_from,
        least(coalesce(date_before_next_hole, last_date), last_date) as date_to

    from between_holes

    where
        n_reported = 0
        and first_date is not null

),

inferred as (

    select
        source_system,
        feed,
        tool_id,
        date_from,
        date_to

    from spans

    where date_from <= date_to

)

select * from inferred
