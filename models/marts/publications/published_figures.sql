-- One row per publication and figure, as it was published; complete, so not to be published.
--
-- A view: the record is kept once, outside the working database. On DuckDB it can be read while the
-- record is attached, as it is in dbt.

{{ config(materialized='view') }}

with

published as (

    select * from {{ ref('stg_publications__published_figures') }}

),

publications as (

    select * from {{ ref('stg_publications__publication_log') }}

),

-- many figures : one publication.
figures as (

    select
        published.publication_id,
        publications.published_at,
        published.program_id,
        published.tool_id,
        published.checkpoint_day,
        published.dimension,
        published.dimension_value,
        published.metric_name,
        published.metric_value,
        published.numerator,
        published.denominator,
        published.is_shown,
        publications.as_of_date,
        publications.rules_hash

    from published

    inner join publications
        on published.publication_id = publications.publication_id

)

select * from figures
