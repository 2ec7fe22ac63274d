-- One row per source, usage feed and tool that the feed has rows for, with the first and last day
-- its rows speak of. Seats speak until the day of their newest file.

with

usage_rows as (

    select * from {{ ref('tool_usage_daily') }}

),

usage_periods as (

    select * from {{ ref('tool_usage_period') }}

),

tool_licences as (

    select * from {{ ref('tool_licences') }}

),

feed_tools as (

    select
        source_system,
        'tool_usage_daily' as feed,
        tool_id,
        min(usage_date) as first_date,
        max(usage_date) as last_date

    from usage_rows

    group by source_system, tool_id

    union all

    select
        source_system,
        'tool_usage_period' as feed,
        tool_id,
        min(period_start) as first_date,
        max(period_end) as last_date

    from usage_periods

    group by source_system, tool_id

    union all

    select
        source_system,
        'tool_licences' as feed,
        tool_id,
        min(coalesce(valid_from, {{ always() }})) as first_date,
        max(cast(extracted_at as date)) as last_date

    from tool_licences

    group by source_system, tool_id

)

select * from feed_tools
