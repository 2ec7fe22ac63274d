-- One row per audit record of an exported search, judged. Searches overlap: a record (Id) that
-- comes again is the same, the first delivered stays, and nothing is withdrawn.
--
-- Only RecordType 261 with the operation CopilotInteraction is a person's use of a Copilot, and
-- Security Copilot, Fabric, Copilot Studio and connected AI apps are other tools.

{%- set other_tools = [
    'copilot.security.', 'copilot.fabric.', 'copilot.studio.', 'connectedaiapp.', 'aiapp.',
] %}

with

audit_records as (

    select * from {{ ref('stg_purview__audit_records') }}

),

screened as (

    select
        *,
        coalesce(record_type, '261') not in ('261', 'copilotinteraction')
        or coalesce(operation_name, 'copilotinteraction') <> 'copilotinteraction'
            as is_other_record,
        {% for prefix in other_tools %}
        {{ 'or ' if not loop.first }}app_identity like '{{ prefix }}%'
        {% endfor %}
            as is_other_tool,
        case
            when not is_readable then 'unreadable_audit_data'
            when record_type is null and operation_name is null then 'missing_record_type'
            when record_id is null then 'missing_record_id'
            when occurred_at is null then 'unreadable_creation_time'
            when upn is null then 'missing_user'
            when messages_text is not null and not {{ is_json_array('messages_text') }}
                then 'unreadable_messages'
        end as quarantine_reason

    from audit_records

),

ranked as (

    select
        *,
        row_number() over (
            partition by record_id, quarantine_reason is null
            order by extracted_at, source_file, messages_text
        ) as copy_rank

    from screened

),

judged as (

    select
        record_id,
        occurred_at,
        cast(occurred_at as date) as usage_date,
        upn,
        app_host,
        messages_text,
        case
            when is_readable and (is_other_record or is_other_tool) then 'superseded'
            when quarantine_reason is not null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when is_readable and is_other_record then 'no_copilot_interaction'
            when is_readable and is_other_tool then 'other_tool'
            when quarantine_reason is not null then quarantine_reason
            when copy_rank > 1 then 'same_record'
        end as status_reason,
        case
            when is_readable and (is_other_record or is_other_tool) then null
            when quarantine_reason is not null then raw_text
        end as raw_text,
        record_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
