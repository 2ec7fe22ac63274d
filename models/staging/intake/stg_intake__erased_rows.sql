-- One row per feed somebody was erased from: rows taken out of its files, by all requests.

with

source as (

    select * from {{ source('intake', 'erased_rows') }}

),

renamed as (

    select
        source_system,
        category,
        feed,
        n_rows

    from source

)

select * from renamed
