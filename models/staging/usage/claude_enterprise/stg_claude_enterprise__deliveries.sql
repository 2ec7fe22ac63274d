-- One row per day and date of delivery (all its pages). The day is covered when a last page is
-- there; a user whom no page lists did not use the tool. A delivery with an unreadable page, or
-- whose users were active on another day than its file is named after, failed.

with

delivered_rows as (

    select
        usage_date,
        extracted_at,
        min(source_file) as source_file,
        sum(case when coalesce(status_reason, '') = 'empty_page' then 0 else 1 end) as row_count,
        min(case when has_next_page then 1 else 0 end) = 0 as has_last_page,
        max(
            case
                when status_reason in ('unreadable_page', 'active_on_another_day') then 1 else 0
            end
        ) = 1 as is_failed

    from {{ ref('base_claude_enterprise__analytics_users') }}

    where usage_date is not null

    group by usage_date, extracted_at

),

renamed as (

    select
        'claude_enterprise' as source_system,
        'tool_usage_daily' as feed,
        '{{ vendor_tool_id("claude_enterprise") }}' as tool_id,
        cast(usage_date as string) || '#' || cast(cast(extracted_at as date) as string)
            as delivery_id,
        extracted_at as received_at,
        usage_date as date_from,
        usage_date as date_to,
        usage_date as max_complete_date,
        cast(row_count as bigint) as row_count,
        case when has_last_page then 'all' else 'part' end as population_scope,
        false as is_concealed,
        is_failed,
        cast(usage_date as string) || '#' || cast(cast(extracted_at as date) as string)
            as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

)

select * from renamed
