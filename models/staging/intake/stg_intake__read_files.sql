-- One row per raw file that this run reads (dated, and not newer than received_until).

with

source as (

    select * from {{ source('intake', 'read_files') }}

),

renamed as (

    select
        source_system,
        category,
        feed,
        source_file,
        file_date,
        file_version

    from source

)

select * from renamed
