-- One row per delivery that a usage feed reports, and tool it speaks for.
--
-- is_delivered is false for failed, concealed and partial deliveries and those without a day:
-- they prove that the feed reports deliveries, and no day. A delivery that names no tool speaks
-- for every tool of its feed. is_unreported: a failed file, which only the delivery check knows of.

with

deliveries as (

    select
        source_system,
        feed,
        tool_id,
        date_from,
        {{ last_delivered_day() }} as date_to,
        {{ is_usable_delivery() }} as is_delivered,
        coalesce(is_unreported, false) as is_unreported

    from {{ ref('deliveries') }}

    where feed in ('tool_usage_daily', 'tool_usage_period', 'tool_licences')

),

feed_tools as (

    select * from {{ ref('int_feed_tools') }}

),

named_tools as (

    select
        source_system,
        feed,
        tool_id

    from feed_tools

    union

    select
        source_system,
        feed,
        tool_id

    from deliveries

    where tool_id is not null

),

-- one delivery without a tool : many tools of its feed, known by rows or by named deliveries.
-- Named deliveries are below.
deliveries_for_all_tools as (

    select
        named_tools.source_system,
        named_tools.feed,
        named_tools.tool_id,
        deliveries.date_from,
        deliveries.date_to,
        deliveries.is_delivered,
        deliveries.is_unreported

    from deliveries

    inner join named_tools
        on deliveries.source_system = named_tools.source_system
        and deliveries.feed = named_tools.feed

    where deliveries.tool_id is null

),

reported as (

    select
        source_system,
        feed,
        tool_id,
        date_from,
        date_to,
        is_delivered,
        is_unreported

    from deliveries

    where tool_id is not null

    union

    select
        source_system,
        feed,
        tool_id,
        date_from,
        date_to,
        is_delivered,
        is_unreported

    from deliveries_for_all_tools

)

select * from reported
