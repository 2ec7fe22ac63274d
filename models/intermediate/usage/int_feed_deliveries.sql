-- One row per reported or inferred delivery of a usage feed to one tool: the days it speaks for.
--
-- A feed of a tool without any reported delivery is inferred from its rows (is_inferred).

with

reported_deliveries as (

    select * from {{ ref('int_reported_deliveries') }}

),

feed_tools as (

    select * from {{ ref('int_feed_tools') }}

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

    from reported_deliveries

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

    select
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
