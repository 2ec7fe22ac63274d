-- One row per user, day and surface. A message the person sent is use; views of shared chats, the
-- model's searches and agents' own steps are none, and Claude Code is another tool. Chat stands for
-- users without any message; the other surfaces have a row only where somebody used them.

with

user_days as (

    select * from {{ ref('base_claude_enterprise__analytics_users') }}

    where row_status = 'kept'

),

surface_days as (

    {% for surface in claude_surfaces() %}
    select
        email,
        usage_date,
        '{{ surface }}' as surface,
        {{ surface }}_messages as message_count,
        {{ surface }}_sessions as session_count,
        source_record_id,
        extracted_at,
        source_file

    from user_days

    where {{ surface }}_messages {{ 'is not null' if surface == 'chat' else '> 0' }}

    {% if not loop.last %}
    union all

    {% endif %}
    {% endfor %}

),

-- Two accounts of one address add up.
per_address as (

    select
        email,
        usage_date,
        surface,
        sum(message_count) as message_count,
        sum(session_count) as session_count,
        min(source_record_id) as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from surface_days

    group by email, usage_date, surface

),

renamed as (

    select
        '{{ vendor_tool_id("claude_enterprise") }}' as tool_id,
        'work_email' as alias_type,
        email as alias_value,
        usage_date,
        surface,
        cast(message_count as bigint) as interactions,
        cast(session_count as bigint) as sessions,
        message_count > 0 as is_active,
        cast(null as boolean) as is_final,
        'claude_enterprise' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from per_address

)

select * from renamed
