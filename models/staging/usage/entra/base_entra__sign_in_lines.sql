-- One row per line of the Azure Monitor export, as stg_entra__sign_ins judged it.

with

sign_ins as (

    select * from {{ ref('stg_entra__sign_ins') }}

),

of_feed as (

    select
        sign_in_id,
        signed_in_at,
        account_id,
        upn,
        app_name,
        is_interactive,
        row_status,
        status_reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from sign_ins

    where feed = 'sign_in_lines'

)

select * from of_feed
