-- One row per person, domain of an AI tool and day (UTC).

with

requests as (

    select * from {{ ref('base_netskope__web_transactions') }}

    where row_status = 'kept'

),

per_day as (

    select
        alias_type,
        alias_value,
        domain,
        tool_name,
        usage_date,
        count(*) as n_requests,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from requests

    group by alias_type, alias_value, domain, tool_name, usage_date

),

renamed as (

    select
        alias_type,
        alias_value,
        domain,
        tool_name,
        usage_date,
        cast(n_requests as bigint) as n_requests,
        'netskope' as source_system,
        alias_type || '|' || alias_value || '|' || domain || '|' || cast(usage_date as string)
            as source_record_id,
        extracted_at,
        source_file

    from per_day

)

select * from renamed
