-- One row per day and date of delivery (all its pages). Only people with use have records, so a day
-- is known by its records, of whatever actor, or by an empty page that was asked for it. Without
-- the last page, or with an unreadable one, it is part of the people and covers nothing.

with

delivered_rows as (

    select
        usage_date,
        extracted_at,
        min(source_file) as source_file,
        sum(case when coalesce(status_reason, '') = 'empty_page' then 0 else 1 end) as row_count,
        min(case when is_complete_delivery then 1 else 0 end) = 1 as is_complete,
        max(case when status_reason = 'unreadable_page' then 1 else 0 end) = 1 as is_failed

    from {{ ref('base_claude_code__usage_report') }}

    where usage_date is not null

    group by usage_date, extracted_at

),

renamed as (

    select
        'claude_code' as source_system,
        'tool_usage_daily' as feed,
        '{{ vendor_tool_id("claude_code") }}' as tool_id,
        cast(usage_date as string) || '#' || cast(cast(extracted_at as date) as string)
            as delivery_id,
        extracted_at as received_at,
        usage_date as date_from,
        usage_date as date_to,
        usage_date as max_complete_date,
        cast(row_count as bigint) as row_count,
        case when is_complete then 'all' else 'part' end as population_scope,
        false as is_concealed,
        is_failed,
        cast(usage_date as string) || '#' || cast(cast(extracted_at as date) as string)
            as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

)

select * from renamed
