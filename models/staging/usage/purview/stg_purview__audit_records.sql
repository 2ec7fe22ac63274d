-- One row per audit record of an exported search, typed. AuditData is the record; the columns
-- beside it repeat parts and differ from export to export, so they are read only where it is
-- silent. CreationTime is UTC without a Z. A view: only its base model reads it.
{{ config(materialized='view') }}

with

source_rows as (

    select
        coalesce(
            {{ adapter.quote('AuditData') }},
            {{ row_as_text([
                adapter.quote('RecordId'), adapter.quote('CreationDate'),
                adapter.quote('RecordType'), adapter.quote('Operation'), adapter.quote('UserId')
            ]) }}
        ) as raw_text,
        case
            when {{ is_json(adapter.quote('AuditData')) }} then {{ adapter.quote('AuditData') }}
        end as audit_data,
        {{ adapter.quote('RecordId') }} as record_id_column,
        {{ adapter.quote('CreationDate') }} as creation_column,
        {{ adapter.quote('RecordType') }} as record_type_column,
        {{ adapter.quote('Operation') }} as operation_column,
        {{ adapter.quote('UserId') }} as user_column,
        source_file,
        extracted_at

    from {{ source('purview', 'copilot_interactions') }}

),

typed as (

    select
        raw_text,
        audit_data is not null as is_readable,
        {{ clean_text('coalesce(' ~ json_get('audit_data', '$.Id') ~ ', record_id_column)') }}
            as record_id,
        coalesce(
            {{ parse_timestamp(json_get('audit_data', '$.CreationTime')) }},
            {{ parse_timestamp('creation_column') }}
        ) as occurred_at,
        {{ clean_alias(
            'coalesce(' ~ json_get('audit_data', '$.RecordType') ~ ', record_type_column)'
        ) }} as record_type,
        {{ clean_alias(
            'coalesce(' ~ json_get('audit_data', '$.Operation') ~ ', operation_column)'
        ) }} as operation_name,
        {{ clean_alias('coalesce(' ~ json_get('audit_data', '$.UserId') ~ ', user_column)') }}
            as upn,
        {{ clean_alias('coalesce(' ~ json_get('audit_data', '$.CopilotEventData.AppHost')
            ~ ', ' ~ json_get('audit_data', '$.AppHost') ~ ')') }} as app_host,
        coalesce({{ clean_alias('coalesce(' ~ json_get('audit_data', '$.AppIdentity')
            ~ ', ' ~ json_get('audit_data', '$.CopilotEventData.AppIdentity') ~ ')') }}, '')
            as app_identity,
        {{ json_get('audit_data', '$.CopilotEventData.Messages') }} as messages_text,
        source_file,
        extracted_at

    from source_rows

)

select * from typed
