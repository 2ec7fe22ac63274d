-- One row per user and job row whose status is a leave. Adjoining rows of one leave stay apart;
-- they are merged downstream. Leaves that are kept in time off only, and not as an event of the
-- job, are not here.

with

leave_rows as (

    select * from {{ ref('stg_successfactors_ec__employment_history') }}

    where employment_status = 'leave'

),

renamed as (

    select
        employee_id,
        valid_from as leave_start,
        {{ add_days('valid_to', -1) }} as leave_end,
        cast(null as string) as leave_type,
        source_system,
        source_record_id,
        extracted_at,
        source_file

    from leave_rows

)

select * from renamed
