-- One row per line of the Zscaler web log, judged. Kept: a signed-in person's request, which was
-- not blocked, to a host of an AI tool (seed tool_domains). Other requests are counted and not
-- kept: superseded, and nobody's name with them.

with

requests as (

    select * from {{ ref('stg_zscaler__web_requests') }}

),

ai_hosts as (

    select * from {{ ref('stg_zscaler__ai_hosts') }}

),

-- many requests : zero or one AI host; requests to other hosts stay, without person and host
matched as (

    select
        requests.*,
        ai_hosts.domain,
        ai_hosts.tool_name

    from requests

    left join ai_hosts
        on requests.request_host = ai_hosts.request_host

),

screened as (

    select
        *,
        case
            when request_host is null then 'missing_host'
            when domain is null then null
            when is_allowed is null then 'unknown_action'
            when not is_allowed or login_problem = 'nobody_signed_in' then null
            when usage_date is null then 'unreadable_time'
            else login_problem
        end as quarantine_reason,
        case
            when domain is null then 'not_an_ai_domain'
            when not is_allowed then 'blocked_request'
            when login_problem = 'nobody_signed_in' then 'nobody_signed_in'
        end as superseded_reason

    from matched

),

judged as (

    select
        case
            when coalesce(quarantine_reason, superseded_reason) is null then alias_type
        end as alias_type,
        case
            when coalesce(quarantine_reason, superseded_reason) is null then alias_value
        end as alias_value,
        domain,
        tool_name,
        case when domain is not null then usage_date end as usage_date,
        case
            when quarantine_reason is not null then 'quarantined'
            when superseded_reason is not null then 'superseded'
            else 'kept'
        end as row_status,
        coalesce(quarantine_reason, superseded_reason) as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        cast(null as string) as source_record_id,
        source_file,
        extracted_at

    from screened

)

select * from judged
