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
        0 as n_approved_tools

    from consumer_domains

    union all

    select
        'all' as consumer_tool,
        1 as n_domains,
        0 as n_approved_tools

    from consumer_domains

    union all

    select
        consumer_tool,
        0 as n_domains,
        1 as n_approved_tools

    from approved_tools

    union all

    select
        'all' as consumer_tool,
        0 as n_domains,
        0 as n_approved_tools

),

consumer_tools as (

    select
        consumer_tool,
        cast(sum(n_domains) as integer) as n_domains,
        cast(sum(n_approved_tools) as integer) as n_approved_tools

    from parts

    group by consumer_tool

)

select * from consumer_tools
