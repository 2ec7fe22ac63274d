-- One row per line of a CSV file with more or fewer fields than its header.

with

source as (

    select * from {{ source('intake', 'rejected_rows') }}

),

renamed as (

    select
        source_system,
        category,
        feed,
        reason,
        raw_text,
        source_file,
        extracted_at

    from source

)

select * from renamed
