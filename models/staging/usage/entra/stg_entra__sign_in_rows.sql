-- One row per sign-in (or other event, or page without any) of either feed, typed. A sign-in
-- without an id is known by its text. Times without a zone are UTC.

with

elements as (

    select * from {{ ref('stg_entra__sign_in_elements') }}

),

sign_in_rows as (

    select
        feed,
        is_empty_page,
        event_text,
        sign_in_text,
        raw_text,
        source_file,
        extracted_at,
        coalesce(
            {{ clean_text(json_get('sign_in_text', '$.id')) }},
            'row:' || substr({{ sha256_text('event_text') }}, 1, 16)
        ) as sign_in_id,
        {{ parse_timestamp(
            'coalesce(' ~ json_get('sign_in_text', '$.createdDateTime') ~ ', '
            ~ json_get('event_text', '$.time') ~ ')'
        ) }} as signed_in_at,
        nullif(
            {{ clean_alias(json_get('sign_in_text', '$.userId')) }},
            '00000000-0000-0000-0000-000000000000'
        ) as account_id,
        {{ clean_alias(json_get('sign_in_text', '$.userPrincipalName')) }} as written_name,
        coalesce(
            {{ clean_text(json_get('sign_in_text', '$.appDisplayName')) }},
            {{ clean_text(json_get('sign_in_text', '$.appId')) }},
            'unspecified'
        ) as app_name,
        coalesce({{ try_cast(json_get('sign_in_text', '$.isInteractive'), 'boolean') }}, false)
            as is_interactive,
        {{ clean_alias(json_get('event_text', '$.category')) }} as category,
        {{ clean_alias(json_get('sign_in_text', '$.signInEventTypes')) }} as event_types,
        {{ clean_text(json_get('sign_in_text', '$.servicePrincipalId')) }} as principal_id,
        {{ try_cast(json_get('sign_in_text', '$.status.errorCode'), 'bigint') }} as error_code,
        {{ clean_alias(json_get('event_text', '$.resultType')) }} as result_type,
        {{ clean_alias(json_get('event_text', '$.resultSignature')) }} as result_signature

    from elements

)

select * from sign_in_rows
