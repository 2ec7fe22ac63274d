-- One row per delivered file. A report is of a run of days, so it covers the days from its first to
-- its last, but none after it came. A file in which at least half of the rows name nobody is
-- concealed: it covers nothing.

with

delivered_rows as (

    select
        source_file,
        extracted_at,
        min(usage_date) as date_from,
        max(usage_date) as date_to,
        count(*) as row_count,
        sum(case when status_reason = 'missing_user' then 1 else 0 end) as nameless_row_count

    from {{ ref('base_agentforce__daily_usage') }}

    group by source_file, extracted_at

),

renamed as (

    select
        'agentforce' as source_system,
        'tool_usage_daily' as feed,
        '{{ vendor_tool_id("agentforce") }}' as tool_id,
        source_file as delivery_id,
        extracted_at as received_at,
        date_from,
        date_to,
        least(date_to, cast(extracted_at as date)) as max_complete_date,
        cast(row_count as bigint) as row_count,
        'all' as population_scope,
        nameless_row_count * 2 >= row_count as is_concealed,
        date_from is null as is_failed,
        source_file as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

)

select * from renamed
