-- One row per listing: the pages of one day as asked for that came on one date. It covers its days
-- from the first to the last activity; an empty listing the day it was asked for. Activities come
-- newest first, so a listing without its last page does not know all of its oldest day.

with

delivered_rows as (

    select
        requested_day,
        extracted_at,
        min(source_file) as source_file,
        min(usage_date) as first_day,
        max(usage_date) as last_day,
        sum(case when coalesce(status_reason, '') = 'empty_page' then 0 else 1 end) as row_count,
        bool_or(has_last_page) as has_last_page,
        max(case when status_reason = 'unreadable_page' then 1 else 0 end) = 1 as is_failed

    from {{ ref('base_gemini_workspace__activities') }}

    where coalesce(status_reason, '') <> 'other_application'

    group by requested_day, extracted_at

),

dated as (

    select
        *,
        coalesce(last_day, requested_day) as date_to,
        case
            when first_day is null then requested_day
            when has_last_page then first_day
            else {{ add_days('first_day', 1) }}
        end as date_from,
        cast(requested_day as string) || '#' || cast(cast(extracted_at as date) as string)
            as delivery_id

    from delivered_rows

    where requested_day is not null

),

renamed as (

    select
        'gemini_workspace' as source_system,
        'tool_usage_daily' as feed,
        '{{ vendor_tool_id("gemini_workspace") }}' as tool_id,
        delivery_id,
        extracted_at as received_at,
        date_from,
        date_to,
        least(date_to, cast(extracted_at as date)) as max_complete_date,
        cast(row_count as bigint) as row_count,
        'all' as population_scope,
        false as is_concealed,
        is_failed,
        delivery_id as source_record_id,
        extracted_at,
        source_file

    from dated

)

select * from renamed
