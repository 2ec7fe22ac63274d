-- One row per sign-in (or other event, or page without any) of either feed, judged. Kept: a sign-in
-- of a person that succeeded. A sign-in is access, never use of a tool. Rows that are not kept name
-- nobody.

with

sign_in_rows as (

    select * from {{ ref('stg_entra__sign_in_rows') }}

),

screened as (

    select
        *,
        case
            when event_text is null and is_empty_page then 'empty_page'
            when event_text is null then null
            when category is not null and category not like '%signinlogs' then 'not_a_sign_in'
            when
                category like 'serviceprincipal%'
                or category like 'managedidentity%'
                or event_types like '%serviceprincipal%'
                or event_types like '%managedidentity%'
                or (account_id is null and principal_id is not null)
                then 'service_principal'
            when
                error_code != 0
                or result_type not in ('0', 'success')
                or result_signature = 'failure'
                then 'failed_sign_in'
        end as superseded_reason,
        case
            when event_text is null and feed = 'sign_in_lines' then 'unreadable_json'
            when event_text is null then 'unreadable_page'
            when
                coalesce(error_code, -1) != 0
                and coalesce(result_type, '') not in ('0', 'success')
                and coalesce(result_signature, '') != 'success'
                then 'unknown_result'
            when account_id is null then 'missing_account'
            when signed_in_at is null then 'unreadable_time'
        end as quarantine_reason

    from sign_in_rows

),

ranked as (

    select
        *,
        case when written_name like '%_@_%' then written_name end as upn,
        superseded_reason is null and quarantine_reason is null as is_usable,
        row_number() over (
            partition by sign_in_id, superseded_reason is null and quarantine_reason is null
            order by extracted_at desc, feed asc, source_file desc, raw_text desc
        ) as copy_rank

    from screened

),

judged as (

    select
        feed,
        {% for name in [
            'sign_in_id', 'signed_in_at', 'account_id', 'upn', 'app_name', 'is_interactive',
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
            when copy_rank > 1 then 'repeated_sign_in'
        end as status_reason,
        case
            when superseded_reason is null and quarantine_reason is not null then raw_text
        end as raw_text,
        case when is_usable and copy_rank = 1 then sign_in_id end as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
