-- One row per delivered file and refresh date. A refresh covers its own day only. A file of which
-- at least half of the users are concealed is a concealed delivery: it covers nothing, so its day
-- is unknown and not zero. (A few concealed rows are deleted users; those rows are quarantined.)

with

delivered_rows as (

    select
        source_file,
        refreshed_on,
        extracted_at,
        count(*) as row_count,
        sum(case when is_concealed then 1 else 0 end) as concealed_row_count

    from {{ ref('base_m365_copilot__usage_user_detail') }}

    where refreshed_on is not null

    group by source_file, refreshed_on, extracted_at

),

renamed as (

    select
        'm365_copilot' as source_system,
        'tool_usage_daily' as feed,
        'copilot_m365' as tool_id,
        source_file || '#' || cast(refreshed_on as string) as delivery_id,
        extracted_at as received_at,
        refreshed_on as date_from,
        refreshed_on as date_to,
        refreshed_on as max_complete_date,
        cast(row_count as bigint) as row_count,
        'all' as population_scope,
        concealed_row_count * 2 >= row_count as is_concealed,
        false as is_failed,
        source_file || '#' || cast(refreshed_on as string) as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

)

select * from renamed
