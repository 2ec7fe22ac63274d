-- The kept rows of base_generic__employment_history in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__employment_history') }}

),

renamed as (

    select
        employee_id,
        valid_from,
        valid_to,
        seq,
        manager_employee_id,
        job_title,
        job_family,
        role_group,
        department,
        division,
        location,
        cost_center,
        employment_status,
        is_primary,
        valid_basis,
        recorded_at,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
