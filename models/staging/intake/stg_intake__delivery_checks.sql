-- One row per raw file that this run reads or that failed its check, with the verdict.

with

source as (

    select * from {{ source('intake', 'delivery_checks') }}

),

renamed as (

    select
        source_system,
        category,
        feed,
        source_file,
        file_date,
        verdict,
        reason,
        n_rows

    from source

)

select * from renamed
