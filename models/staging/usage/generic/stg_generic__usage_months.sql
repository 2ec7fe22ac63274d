-- One row per month of usage: which versions of which files hold rows of it.
--
-- Reads one column of every file, so that base_generic__tool_usage_daily reads the rest of a month
-- only when one of its files is new, changed or gone. A view: it must speak of the files of this
-- run.
{{ config(materialized='view') }}

with

source as (

    select * from {{ source('generic_usage', 'tool_usage_daily') }}

),

read_files as (

    select * from {{ ref('stg_intake__read_files') }}

),

months_of_files as (

    select
        {{ month_of(contract_date(source('generic_usage', 'tool_usage_daily'), 'usage_date')) }}
            as month_start,
        source_file,
        cast(count(*) as bigint) as n_rows

    from source

    group by
        {{ month_of(contract_date(source('generic_usage', 'tool_usage_daily'), 'usage_date')) }},
        source_file

),

-- many months of a file : one file, because both come from the same list of files.
versioned as (

    select
        months_of_files.month_start,
        months_of_files.n_rows,
        months_of_files.source_file || ' ' || read_files.file_version as version

    from months_of_files

    inner join read_files
        on months_of_files.source_file = read_files.source_file

),

months as (

    select
        month_start,
        {{ sha256_text(string_list('version')) }} as fingerprint,
        cast(sum(n_rows) as bigint) as n_rows

    from versioned

    group by month_start

)

select * from months
