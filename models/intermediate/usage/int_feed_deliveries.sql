-- One row per usable or inferred delivery of a usage feed to one tool: the days it speaks for.
--
-- is_delivered is false for failed, concealed and partial deliveries: they prove that the feed
-- reports deliveries, and no day. A feed without any delivery row is inferred from its rows.

with

deliveries as (

    select
        source_system,
        feed,
        tool_id,
        date_from,
        least(
            coalesce(date_to, max_complete_date),
            coalesce(max_complete_date, date_to)
        ) as date_to,
        coalesce(population_scope, 'all') = 'all'
        and not coalesce(is_failed, false)
        and not coalesce(is_concealed, false) as is_delivered

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
        false as is_inferred

    from deliveries

    inner join named_tools
        on deliveries.source_system = named_tools.source_system
        and deliveries.feed = named_tools.feed

    where deliveries.tool_id is null

),

candidates as (

    select
        source_system,
        feed,
        tool_id,
        date_from,
        date_to,
        is_delivered,
        false as is_inferred

    from deliveries

    where tool_id is not null

    union all

    select
        source_system,
        feed,
        tool_id,
        date_from,
        date_to,
        is_delivered,
        is_inferred

    from deliveries_for_all_tools

    union all

    select
        source_system,
        feed,
        tool_id,
        first_date as date_from,
        last_date as date_to,
        true as is_delivered,
        true as is_inferred

    from feed_tools

),

with_reported as (

    select
        source_system,
        feed,
        tool_id,
        date_from,
        date_to,
        is_delivered,
        is_inferred,
        bool_or(not is_inferred) over (
            partition by source_system, feed, tool_id
        ) as has_reported_deliveries

    from candidates

),

feed_deliveries as (

    select distinct
        source_system,
        feed,
        tool_id,
        date_from,
        date_to,
        is_delivered,
        is_inferred

    from with_reported

    where not is_inferred or not has_reported_deliveries

)

select * from feed_deliveries
