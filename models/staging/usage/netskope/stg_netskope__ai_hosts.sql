-- One row per host in the log that is a domain of the seed tool_domains, or a subdomain of one. The
-- longest such domain counts.

with

host_tails as (

    select * from {{ ref('stg_netskope__host_tails') }}

),

tool_domains as (

    select * from {{ ref('stg_reference__tool_domains') }}

),

-- many tails : zero or one domain; tails that are no domain of a tool are excluded
ranked as (

    select
        host_tails.request_host,
        tool_domains.domain,
        tool_domains.tool_name,
        row_number() over (
            partition by host_tails.request_host
            order by host_tails.n_labels desc
        ) as length_rank

    from host_tails

    inner join tool_domains
        on host_tails.host_tail = tool_domains.domain

),

ai_hosts as (

    select
        request_host,
        domain,
        tool_name

    from ranked

    where length_rank = 1

)

select * from ai_hosts
