-- The kept rows of base_generic__tool_usage_daily in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__tool_usage_daily') }}

),

renamed as (

    select
        tool_id,
        alias_type,
        alias_value,
        usage_date,
        coalesce(surface, 'unspecified') as surface,
        interactions,
        sessions,
        is_active,
        is_final,
        'generic' as source_system,
        alias_value as source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
