-- One row per delivered file. A search has a first and a last day, so its export covers the days
-- from its first to its last record, whatever they are of, but none after it
-- came. An export that stops at the portal's limit is cut off somewhere: it is `part` and covers
-- nothing.

{%- set export_limits = [50000, 100000] %}

with

delivered_rows as (

    select
        source_file,
        extracted_at,
        min(usage_date) as date_from,
        max(usage_date) as date_to,
        count(*) as row_count

    from {{ ref('base_purview__copilot_interactions') }}

    group by source_file, extracted_at

),

renamed as (

    select
        'purview' as source_system,
        'tool_usage_daily' as feed,
        '{{ vendor_tool_id("purview") }}' as tool_id,
        source_file as delivery_id,
        extracted_at as received_at,
        date_from,
        date_to,
        least(date_to, cast(extracted_at as date)) as max_complete_date,
        cast(row_count as bigint) as row_count,
        case
            when row_count in ({{ export_limits | join(', ') }}) then 'part'
            else 'all'
        end as population_scope,
        false as is_concealed,
        date_from is null as is_failed,
        source_file as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

)

select * from renamed
