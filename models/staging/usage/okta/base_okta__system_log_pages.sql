-- One row per event of the pages (or page without any) of the Okta System Log, as
-- stg_okta__sign_ins judged it.

with

sign_ins as (

    select * from {{ ref('stg_okta__sign_ins') }}

),

of_feed as (

    select
        event_id,
        event_type,
        published_at,
        account_id,
        login_name,
        app_name,
        row_status,
        status_reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from sign_ins

    where feed = 'system_log_pages'

)

select * from of_feed
