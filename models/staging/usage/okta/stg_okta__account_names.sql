-- One row per account (Okta user id) and login that a successful sign-in showed together. Which
-- employee it is the log does not know: these pairs are to be read by a person, who may turn them
-- into rows of the seed alias_overrides.

with

sign_ins as (

    select * from {{ ref('stg_okta__sign_ins') }}

    where row_status = 'kept' and login_name is not null

),

pairs as (

    select
        account_id,
        login_name,
        cast(min(published_at) as date) as first_seen_on,
        cast(max(published_at) as date) as last_seen_on,
        cast(count(*) as bigint) as n_sign_ins,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from sign_ins

    group by account_id, login_name

),

account_names as (

    select
        'okta_user_id' as account_type,
        account_id as account_value,
        'okta_login' as name_type,
        login_name as name_value,
        first_seen_on,
        last_seen_on,
        n_sign_ins,
        cast(count(*) over (partition by account_id) as bigint) as n_names_of_account,
        cast(count(*) over (partition by login_name) as bigint) as n_accounts_of_name,
        'okta' as source_system,
        account_id || '|' || login_name as source_record_id,
        extracted_at,
        source_file

    from pairs

)

select * from account_names
