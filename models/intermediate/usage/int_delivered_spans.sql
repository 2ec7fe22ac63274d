-- One row per tool, kind (usage or seat) and unbroken run of delivered days; both days inside.
--
-- Usage spans come from the feed of the tool's grain only. Overlapping and adjoining deliveries
-- are merged, so that each day lies in at most one span.

with

feed_deliveries as (

    select * from {{ ref('int_feed_deliveries') }}

    where
        is_delivered
        and date_from <= date_to

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

-- many deliveries : zero or one tool. Deliveries of a tool no seed lists are excluded (the
-- reference test on the tools seed names it).
of_grain as (

    select
        feed_deliveries.tool_id,
        case
            when feed_deliveries.feed = 'tool_licences' then 'seat'
            else 'usage'
        end as span_kind,
        feed_deliveries.date_from,
        feed_deliveries.date_to

    from feed_deliveries

    inner join tool_coverage
        on feed_deliveries.tool_id = tool_coverage.tool_id

    where
        feed_deliveries.feed = 'tool_licences'
        or (feed_deliveries.feed = 'tool_usage_daily' and tool_coverage.usage_grain = 'daily')
        or (feed_deliveries.feed = 'tool_usage_period' and tool_coverage.usage_grain = 'weekly')

),

with_earlier_end as (

    select
        tool_id,
        span_kind,
        date_from,
        date_to,
        max(date_to) over (
            partition by tool_id, span_kind
            order by date_from, date_to
            rows between unbounded preceding and 1 preceding
        ) as earlier_end

    from of_grain

),

numbered as (

    select
        tool_id,
        span_kind,
        date_from,
        date_to,
        sum(case
            when earlier_end is null or {{ days_between('date_from', 'earlier_end') }} > 1 then 1
            else 0
        end) over (
            partition by tool_id, span_kind
            order by date_from, date_to
            rows between unbounded preceding and current row
        ) as island_number

    from with_earlier_end

),

spans as (

    select
        tool_id,
        span_kind,
        min(date_from) as date_from,
        max(date_to) as date_to

    from numbered

    group by tool_id, span_kind, island_number

)

select * from spans
