-- One row per line of the Zscaler web log (NSS feed), read as far as it tells who asked for which
-- host on which day. Never stored: of the URL only the host is taken, and that of most requests is
-- dropped in the next step. The day is that of the log's own clock (the feed has no zone).

{%- set months = [
    'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec',
] %}
{%- set nss_time = '^[a-z]{3} ([a-z]{3}) +([0-9]{1,2}) [0-9:]{8} ([0-9]{4})$' %}

with

source_rows as (

    select * from {{ source('zscaler', 'web_log') }}

),

typed as (

    select
        {{ clean_alias(adapter.quote('time')) }} as time_text,
        {{ clean_alias('ologin') }} as login_name,
        {{ clean_alias(adapter.quote('location')) }} as location,
        {{ host_of('eurl') }} as request_host,
        {{ clean_alias(adapter.quote('action')) }} as policy_action,
        source_file,
        extracted_at

    from source_rows

),

dated as (

    select
        *,
        coalesce(
            {{ regex_get('time_text', nss_time, 3) }}
            || '-'
            || case {{ regex_get('time_text', nss_time, 1) }}
                {% for month in months %}
                when '{{ month }}' then '{{ '%02d' % loop.index }}'
                {% endfor %}
            end
            || '-'
            || {{ regex_get('time_text', nss_time, 2) }},
            time_text
        ) as day_text,
        case
            when login_name like '%_@_%' then 'upn'
            when replace(login_name, {{ backslash() }}, '') != login_name then 'windows_login'
        end as login_type

    from typed

),

-- Without sign-in Zscaler writes the location in place of the login; a number is a hidden login.
web_requests as (

    select
        case when request_host not in ('-', 'none') then request_host end as request_host,
        {{ contract_value('day_text', 'date', none) }} as usage_date,
        login_type as alias_type,
        case when login_type is not null then login_name end as alias_value,
        case
            when login_type is not null then null
            when
                coalesce(login_name, '-') in ('-', 'none', 'n/a')
                or login_name = location
                or login_name like '%->%'
                then 'nobody_signed_in'
            when {{ regex_matches('login_name', '^[0-9]+$') }} then 'concealed_login'
            else 'unreadable_login'
        end as login_problem,
        case
            when policy_action like 'allow%' then true
            when policy_action like 'block%' then false
        end as is_allowed,
        concat_ws(
            '|',
            coalesce(time_text, ''),
            coalesce(login_name, ''),
            coalesce(request_host, ''),
            coalesce(policy_action, '')
        ) as raw_text,
        source_file,
        extracted_at

    from dated

)

select * from web_requests
