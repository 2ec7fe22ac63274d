-- One row: what this build was made from, as a publication of it will say.
--
-- received_until is the newest delivery there was, read or failed: a build that is told to read up
-- to it reads the same. A file is known by its name and size: a copy of a folder changes times.

with

settings as (

    select * from {{ ref('int_report_settings') }}

),

read_files as (

    select
        source_file || '=' || {{ regex_get('file_version', '^[0-9]+') }} as named_size

    from {{ ref('stg_intake__read_files') }}

),

listed as (

    select
        {{ sha256_text(string_list('named_size')) }} as full_hash,
        count(*) as n_deliveries

    from read_files

),

newest as (

    select max(file_date) as received_until

    from {{ ref('stg_intake__delivery_checks') }}

),

-- one row : one row, twice.
stamp as (

    select
        settings.as_of_date,
        newest.received_until,
        settings.rules_hash,
        substr(listed.full_hash, 1, 16) as deliveries_hash,
        cast(listed.n_deliveries as bigint) as n_deliveries

    from settings

    cross join listed

    cross join newest

)

select * from stamp
