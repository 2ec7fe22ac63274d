-- One row per reported or inferred delivery of a usage feed to one tool: the days it speaks for.
--
-- A feed of a tool without any reported delivery is inferred from its rows (is_inferred).

with

reported_deliveries as (

    select * from {{ ref('int_reported_deliveries') }}

),

inferred_deliveries as (

    select * from {{ ref('int_inferred_deliveries') }}

),

feed_deliveries as (

    select distinct
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
        date_from,
        date_to,
        true as is_delivered,
        true as is_inferred

    from inferred_deliveries

)

select * from feed_deliveries
