-- One row per account, application and day (UTC) with successful sign-ins. Evidence of access only:
-- a sign-in is no use, and most are made by programs that renew a token (not interactive).

with

sign_ins as (

    select * from {{ ref('stg_entra__sign_ins') }}

    where row_status = 'kept'

),

per_day as (

    select
        account_id,
        app_name,
        cast(signed_in_at as date) as sign_in_date,
        cast(count(*) as bigint) as n_sign_ins,
        cast(sum(case when is_interactive then 1 else 0 end) as bigint) as n_interactive_sign_ins,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from sign_ins

    group by account_id, app_name, cast(signed_in_at as date)

),

renamed as (

    select
        'entra_oid' as alias_type,
        account_id as alias_value,
        app_name,
        sign_in_date,
        n_sign_ins,
        n_interactive_sign_ins,
        'entra' as source_system,
        account_id || '|' || app_name || '|' || cast(sign_in_date as string) as source_record_id,
        extracted_at,
        source_file

    from per_day

)

select * from renamed
