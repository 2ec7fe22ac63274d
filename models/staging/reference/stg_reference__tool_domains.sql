-- One row per web domain of an AI tool. A request belongs to the longest domain that its host is,
-- or is a subdomain of.

with

tool_domains as (

    select
        {{ reference_columns(ref('tool_domains'), {
            'domain': 'string',
            'tool_name': 'string',
            'is_consumer_tool': 'boolean',
            'approved_alternative_tool_id': 'string'
        }) }}

    from {{ ref('tool_domains') }}

),

renamed as (

    select
        lower(domain) as domain,
        tool_name,
        is_consumer_tool,
        approved_alternative_tool_id

    from tool_domains

)

select * from renamed
