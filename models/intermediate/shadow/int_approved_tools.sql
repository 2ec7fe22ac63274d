-- One row per consumer tool (or `all`) and approved tool for the same work whose use is delivered:
-- from the first delivered day to the watermark.
--
-- `all` has the approved tools of every consumer tool.

with

consumer_domains as (

    select * from {{ ref('int_consumer_domains') }}

    where approved_tool_id is not null

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

delivered_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'usage'

),

first_days as (

    select
        tool_id,
        min(date_from) as first_day

    from delivered_spans

    group by tool_id

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

-- many alternatives : zero or one first day, and its coverage. Tools whose use nobody delivered are
-- excluded: whether they are used is not known.
approved_tools as (

    select
        alternatives.consumer_tool,
        alternatives.tool_id,
        tool_coverage.usage_grain,
        first_days.first_day,
        tool_coverage.watermark_date

    from alternatives

    inner join first_days
        on alternatives.tool_id = first_days.tool_id

    inner join tool_coverage
        on alternatives.tool_id = tool_coverage.tool_id

)

select * from approved_tools
