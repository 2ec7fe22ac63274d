-- The kept rows of base_generic__tool_usage_period in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__tool_usage_period') }}

),

renamed as (

    select
        tool_id,
        alias_type,
        alias_value,
        period_start,
        period_end,
        first_active_date,
        last_active_date,
        active_days,
        interactions,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
