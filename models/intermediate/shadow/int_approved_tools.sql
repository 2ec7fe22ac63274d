-- One row per consumer tool (or `all`) and approved tool for the same work whose use is delivered,
-- with its watermark.
--
-- `all` has the approved tools of every consumer tool.

with

consumer_domains as (

    select * from {{ ref('int_consumer_domains') }}

    where approved_tool_id is not null

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

    where watermark_date is not null

),

alternatives as (

    select
        consumer_tool,
        approved_tool_id as tool_id

    from consumer_domains

    union

    select
        'all' as consumer_tool,
        approved_tool_id as tool_id

    from consumer_domains

),

-- many alternatives : zero or one coverage. Tools whose use nobody delivered have no watermark and
-- are excluded: whether they are used is not known.
approved_tools as (

    select
        alternatives.consumer_tool,
        alternatives.tool_id,
        tool_coverage.usage_grain,
        tool_coverage.watermark_date

    from alternatives

    inner join tool_coverage
        on alternatives.tool_id = tool_coverage.tool_id

)

select * from approved_tools
