-- One row per delivered file and refresh date. A refresh covers its own day only. A file of which
-- at least half of the users are concealed is a concealed delivery: it covers nothing, so its day
-- is unknown and not zero. (A few concealed rows are deleted users; those rows are quarantined.) If
-- at least half of the rows are refused for another reason, the file has failed. Of JSON pages only
-- the last one speaks for all: they are fetched in turn, so it comes if all came.

with

delivered_rows as (

    select
        source_file,
        refreshed_on,
        extracted_at,
        count(*) as row_count,
        sum(case when is_concealed then 1 else 0 end) as concealed_row_count,
        sum(case when row_status = 'quarantined' then 1 else 0 end) as refused_row_count,
        bool_or(has_next_page) as has_next_page

    from {{ ref('stg_m365_copilot__report_rows') }}

    where refreshed_on is not null

    group by source_file, refreshed_on, extracted_at

),

renamed as (

    select
        'm365_copilot' as source_system,
        'tool_usage_daily' as feed,
        '{{ vendor_tool_id("m365_copilot") }}' as tool_id,
        source_file || '#' || cast(refreshed_on as string) as delivery_id,
        extracted_at as received_at,
        refreshed_on as date_from,
        refreshed_on as date_to,
        refreshed_on as max_complete_date,
        cast(row_count as bigint) as row_count,
        case when has_next_page then 'part' else 'all' end as population_scope,
        concealed_row_count * 2 >= row_count as is_concealed,
        concealed_row_count * 2 < row_count and refused_row_count * 2 >= row_count as is_failed,
        source_file || '#' || cast(refreshed_on as string) as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

)

select * from renamed
