-- One row per account, application and day (UTC) with successful sign-ins; the start of a session
-- with Okta is one to the application `Okta`. Evidence of access only: a sign-in is no use.

with

sign_ins as (

    select
        account_id,
        case when event_type = 'user.session.start' then 'Okta' else app_name end as app_name,
        cast(published_at as date) as sign_in_date,
        extracted_at,
        source_file

    from {{ ref('stg_okta__sign_ins') }}

    where row_status = 'kept'

),

per_day as (

    select
        account_id,
        app_name,
        sign_in_date,
        cast(count(*) as bigint) as n_sign_ins,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from sign_ins

    group by account_id, app_name, sign_in_date

),

renamed as (

    select
        'okta_user_id' as alias_type,
        account_id as alias_value,
        app_name,
        sign_in_date,
        n_sign_ins,
        'okta' as source_system,
        account_id || '|' || app_name || '|' || cast(sign_in_date as string) as source_record_id,
        extracted_at,
        source_file

    from per_day

)

select * from renamed
