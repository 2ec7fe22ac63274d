-- One row per publication: when, as of which day, from which deliveries, under which rules, by
-- which code. The build's own is not in it yet: certgap publish adds it to the published table.

with

publications as (

    select * from {{ ref('stg_publications__publication_log') }}

),

log_rows as (

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

    from publications

)

select * from log_rows
