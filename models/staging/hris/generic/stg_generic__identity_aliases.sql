-- The kept rows of base_generic__identity_aliases in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__identity_aliases') }}

),

renamed as (

    select
        employee_id,
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        method,
        confidence,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
