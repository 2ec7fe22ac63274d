-- The kept rows of base_generic__leave_periods in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__leave_periods') }}

),

renamed as (

    select
        employee_id,
        leave_start,
        leave_end,
        leave_type,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
