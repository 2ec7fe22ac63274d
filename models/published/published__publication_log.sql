-- publication_log as BI may read it: nothing in it is about a person. certgap publish fills the
-- published table from the record, with the publication itself in it.

with

publication_log as (

    select * from {{ ref('publication_log') }}

),

published as (

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

    from publication_log

)

select * from published
