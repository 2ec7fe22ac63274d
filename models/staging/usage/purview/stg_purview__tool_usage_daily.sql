-- One row per user, day and app of Microsoft 365 Copilot, from the audit log. Interactions are the
-- prompts; answers are messages, too, and are not counted. A record without a prompt is no use.
--
-- The same tool as m365_copilot speaks for: its rows have no counts and other surfaces, so a day
-- that both prove is one day, with the prompts of this one.

with

records as (

    select
        upn,
        usage_date,
        'purview:' || coalesce(app_host, 'unspecified') as surface,
        messages_text,
        source_record_id,
        source_file,
        extracted_at

    from {{ ref('base_purview__copilot_interactions') }}

    where row_status = 'kept'

),

messages as (

    select
        *,
        {{ json_array_elements('messages_text', '$') }} as message_text

    from records

),

prompts as (

    select * from messages

    where
        {{ is_json('message_text') }}
        and coalesce(
            {{ try_cast(json_get('message_text', '$.isPrompt'), 'boolean') }},
            {{ try_cast(json_get('message_text', '$.IsPrompt'), 'boolean') }},
            false
        )

),

-- A record counts nothing itself, so that one without a prompt is a row with 0.
counted as (

    {% for rows, prompt_count in {'records': 0, 'prompts': 1}.items() %}
    select
        upn,
        usage_date,
        surface,
        {{ prompt_count }} as prompt_count,
        source_record_id,
        source_file,
        extracted_at

    from {{ rows }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

app_days as (

    select
        upn,
        usage_date,
        surface,
        sum(prompt_count) as prompt_count,
        min(source_record_id) as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from counted

    group by upn, usage_date, surface

),

renamed as (

    select
        '{{ vendor_tool_id("purview") }}' as tool_id,
        'upn' as alias_type,
        upn as alias_value,
        usage_date,
        surface,
        cast(prompt_count as bigint) as interactions,
        cast(null as bigint) as sessions,
        prompt_count > 0 as is_active,
        cast(null as boolean) as is_final,
        'purview' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from app_days

)

select * from renamed
