-- One row per file of the enabled feeds, with what the delivery check said of it.
--
-- Only failed files are not read. A file nobody judged is `not_checked`, never `passed`.

with

checks as (

    select * from {{ ref('stg_intake__delivery_checks') }}

),

listed as (

    select
        source_system,
        category,
        feed,
        source_file,
        file_date,
        verdict,
        reason,
        n_rows

    from checks

)

select * from listed
