-- The kept rows of base_generic__employees in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__employees') }}

),

renamed as (

    select
        employee_id,
        hire_date,
        original_hire_date,
        termination_date,
        country,
        timezone,
        is_contingent,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
