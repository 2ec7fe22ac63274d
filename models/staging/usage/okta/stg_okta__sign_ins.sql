-- One row per event (or page without any) of either feed, judged. Kept: a user's sign-on to an
-- application, or start of a session with Okta, that succeeded. A sign-in is access, never use of a
-- tool. Rows that are not kept name nobody.

with

log_rows as (

    select * from {{ ref('stg_okta__log_rows') }}

),

screened as (

    select
        *,
        case
            when event_text is null and is_empty_page then 'empty_page'
            when event_text is null or event_type is null then null
            when event_type not in ('user.authentication.sso', 'user.session.start')
                then 'not_a_sign_in'
            when actor_type != 'user' or login_name = 'system@okta.com' then 'no_person'
            when
                outcome in ('FAILURE', 'DENY', 'CHALLENGE', 'ABANDONED', 'SKIPPED', 'RATE_LIMIT')
                then 'failed_sign_in'
        end as superseded_reason,
        case
            when event_text is null and feed = 'system_log_lines' then 'unreadable_json'
            when event_text is null then 'unreadable_page'
            when event_type is null then 'missing_event_type'
            when coalesce(outcome, '') not in ('SUCCESS', 'ALLOW') then 'unknown_result'
            when account_id is null or actor_type is null then 'missing_account'
            when published_at is null then 'unreadable_time'
        end as quarantine_reason

    from log_rows

),

ranked as (

    select
        *,
        superseded_reason is null and quarantine_reason is null as is_usable,
        row_number() over (
            partition by event_id, superseded_reason is null and quarantine_reason is null
            order by extracted_at desc, feed asc, source_file desc, raw_text desc
        ) as copy_rank

    from screened

),

judged as (

    select
        feed,
        {% for name in [
            'event_id', 'event_type', 'published_at', 'account_id', 'login_name', 'app_name',
        ] %}
        case when is_usable and copy_rank = 1 then {{ name }} end as {{ name }},
        {% endfor %}
        case
            when superseded_reason is not null then 'superseded'
            when quarantine_reason is not null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when superseded_reason is not null then superseded_reason
            when quarantine_reason is not null then quarantine_reason
            when copy_rank > 1 then 'repeated_event'
        end as status_reason,
        case
            when superseded_reason is null and quarantine_reason is not null then raw_text
        end as raw_text,
        case when is_usable and copy_rank = 1 then event_id end as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
