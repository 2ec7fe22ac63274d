-- One row per Netskope web transaction, read as far as it tells who asked for which host on which
-- day (UTC). Never stored: that of most requests is dropped in the next step.

with

source_rows as (

    select * from {{ source('netskope', 'web_transactions') }}

),

typed as (

    select
        {{ clean_text(adapter.quote('date')) }} as day_text,
        {{ clean_alias(adapter.quote('cs-username')) }} as login_name,
        {{ host_of(adapter.quote('cs-host')) }} as request_host,
        coalesce({{ clean_alias(adapter.quote('x-policy-action')) }}, '-') as policy_action,
        nullif({{ clean_text(adapter.quote('x-transaction-id')) }}, '-') as transaction_id,
        source_file,
        extracted_at

    from source_rows

),

named as (

    select
        *,
        case
            when login_name like '%_@_%' then 'upn'
            when replace(login_name, {{ backslash() }}, '') != login_name then 'windows_login'
        end as login_type

    from typed

),

-- Without sign-in Netskope writes the address of the machine in place of the name; a long row of
-- hex digits is a hidden name. `-` as the action: no policy was asked, so nothing was blocked.
web_requests as (

    select
        nullif(request_host, '-') as request_host,
        {{ contract_value('day_text', 'date', none) }} as usage_date,
        login_type as alias_type,
        case when login_type is not null then login_name end as alias_value,
        case
            when login_type is not null then null
            when
                coalesce(login_name, '-') in ('-', 'none', 'unknown')
                or {{ regex_matches('login_name', '^[0-9]{1,3}([.][0-9]{1,3}){3}$') }}
                or {{ regex_matches('login_name', '^[0-9a-f]*:[0-9a-f:.]*$') }}
                then 'nobody_signed_in'
            when {{ regex_matches('login_name', '^[0-9a-f]{32,}$') }} then 'concealed_login'
            else 'unreadable_login'
        end as login_problem,
        case
            when policy_action in ('-', 'allow', 'alert', 'bypass') then true
            when policy_action like 'block%' then false
        end as is_allowed,
        transaction_id,
        concat_ws(
            '|',
            coalesce(day_text, ''),
            coalesce(login_name, ''),
            coalesce(request_host, ''),
            policy_action
        ) as raw_text,
        source_file,
        extracted_at

    from named

)

select * from web_requests
