-- One row per web domain of a consumer tool: a tool of the seed that the company did not buy.
--
-- A tool has several domains, and each may name an approved tool for the same work.

with

tool_domains as (

    select * from {{ ref('stg_reference__tool_domains') }}

),

consumer_domains as (

    select
        domain,
        coalesce(tool_name, domain) as consumer_tool,
        approved_alternative_tool_id as approved_tool_id

    from tool_domains

    where is_consumer_tool

)

select * from consumer_domains
