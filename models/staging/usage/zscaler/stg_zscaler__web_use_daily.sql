-- One row per person, domain of an AI tool and day. The log has no id of a request, so a day that
-- is delivered again cannot be told from more requests: of several delivery dates the one with the
-- most requests counts. n_requests is a lower bound where a day is split over two deliveries.

with

requests as (

    select * from {{ ref('base_zscaler__web_log') }}

    where row_status = 'kept'

),

per_delivery as (

    select
        alias_type,
        alias_value,
        domain,
        tool_name,
        usage_date,
        extracted_at,
        count(*) as n_requests,
        max(source_file) as source_file

    from requests

    group by alias_type, alias_value, domain, tool_name, usage_date, extracted_at

),

ranked as (

    select
        *,
        row_number() over (
            partition by alias_type, alias_value, domain, usage_date
            order by n_requests desc, extracted_at desc
        ) as size_rank

    from per_delivery

),

renamed as (

    select
        alias_type,
        alias_value,
        domain,
        tool_name,
        usage_date,
        cast(n_requests as bigint) as n_requests,
        'zscaler' as source_system,
        alias_type || '|' || alias_value || '|' || domain || '|' || cast(usage_date as string)
            as source_record_id,
        extracted_at,
        source_file

    from ranked

    where size_rank = 1

)

select * from renamed
