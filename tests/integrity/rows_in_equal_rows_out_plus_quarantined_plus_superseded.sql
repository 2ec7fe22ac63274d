-- Finds feeds whose delivered rows are not all accounted for: rows in the raw files that staging
-- neither keeps, quarantines nor supersedes, or rows that it invents.
-- When it matters: always; a lost row is lost from every figure.
-- How to fix: in the vendor's base model, look for a `where` or a join that drops or multiplies
-- rows. For a JSON feed, check how macros/sources/source_catalog.sql counts its elements
-- (`count_rows`).
select
    source_system,
    feed,
    n_rows_in,
    n_rows_kept,
    n_rows_quarantined,
    n_rows_superseded,
    n_rows_in - n_rows_kept - n_rows_quarantined - n_rows_superseded as n_rows_unaccounted_for

from {{ ref('feed_row_counts') }}

where n_rows_in != n_rows_kept + n_rows_quarantined + n_rows_superseded
