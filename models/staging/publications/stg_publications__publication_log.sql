-- One row per publication, as the record has it.

with

source as (

    select * from {{ source('publications', 'publication_log') }}

),

recorded as (

    select
        publication_id,
        published_at,
        build_id,
        as_of_date,
        received_until,
        rules_hash,
        deliveries_hash,
        n_deliveries,
        code_version,
        n_tables,
        n_figures

    from source

)

select * from recorded
