-- One row per sign-in of the Graph pages (or page without any), as stg_entra__sign_ins judged it.

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

    where feed = 'sign_in_pages'

)

select * from of_feed
