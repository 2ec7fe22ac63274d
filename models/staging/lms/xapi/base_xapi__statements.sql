-- One row per line of the NDJSON exports, as stg_xapi__statements judged it.

with

statements as (

    select * from {{ ref('stg_xapi__statements') }}

),

of_feed as (

    select
        statement_text,
        statement_id,
        verb_id,
        object_id,
        activity_type,
        alias_type,
        alias_value,
        occurred_at,
        stored_at,
        is_voided,
        row_status,
        status_reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from statements

    where feed = 'statements'

)

select * from of_feed
