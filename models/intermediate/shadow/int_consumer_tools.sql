-- One row per consumer tool, and `all`, which is there also where the seed lists none.

with

consumer_domains as (

    select * from {{ ref('int_consumer_domains') }}

),

approved_tools as (

    select * from {{ ref('int_approved_tools') }}

),

parts as (

    select
        consumer_tool,
        1 as n_domains,
        0 as n_approved_tools,
        approved_tool_id

    from consumer_domains

    union all

    select
        'all' as consumer_tool,
        1 as n_domains,
        0 as n_approved_tools,
        approved_tool_id

    from consumer_domains

    union all

    select
        consumer_tool,
        0 as n_domains,
        1 as n_approved_tools,
        cast(null as string) as approved_tool_id

    from approved_tools

    union all

    select
        'all' as consumer_tool,
        0 as n_domains,
        0 as n_approved_tools,
        cast(null as string) as approved_tool_id

),

consumer_tools as (

    select
        consumer_tool,
        cast(sum(n_domains) as integer) as n_domains,
        cast(sum(n_approved_tools) as integer) as n_approved_tools,
        cast(count(distinct approved_tool_id) - sum(n_approved_tools) as integer)
            as n_approved_tools_unknown

    from parts

    group by consumer_tool

)

select * from consumer_tools
