-- The kept rows of base_generic__deliveries in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__deliveries') }}

),

renamed as (

    select
        feed,
        tool_id,
        delivery_id,
        received_at,
        date_from,
        date_to,
        max_complete_date,
        row_count,
        population_scope,
        is_concealed,
        is_failed,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
