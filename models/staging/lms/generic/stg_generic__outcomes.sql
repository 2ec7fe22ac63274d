-- The kept rows of base_generic__outcomes in the contract's columns.

with

delivered_rows as (

    select * from {{ ref('base_generic__outcomes') }}

),

renamed as (

    select
        subject_type,
        subject_id,
        metric_id,
        period_start,
        period_end,
        value,
        exposure,
        'generic' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from delivered_rows

    where row_status = 'kept'

)

select * from renamed
