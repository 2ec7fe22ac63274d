-- One row per user in a page of the daily analytics, and one per page without users, typed. The
-- rows do not say their day: it is in the request, and so in the file's name (the last date of the
-- path). A view: only its base model reads it, and the texts need not be stored twice.
{{ config(materialized='view') }}

with

pages as (

    select * from {{ source('claude_enterprise', 'analytics_users') }}

),

{{ page_elements(
    '$.data', has_next='coalesce(' ~ json_get('page', '$.next_page') ~ ", '') <> ''"
) }},

typed as (

    select
        page_kind,
        element_text is not null as is_readable,
        has_next_page,
        {{ requested_day('source_file') }} as usage_date,
        {{ clean_text(json_get('element_text', '$.user.id')) }} as claude_user_id,
        {{ clean_alias(json_get('element_text', '$.user.email_address')) }} as email,
        {{ leading_date(json_get('element_text', '$.last_activity_date')) }} as last_activity_date,
        {% for surface, paths in claude_surfaces().items() %}
        {{ try_cast(json_get('element_text', paths[0]), 'bigint') }} as {{ surface }}_messages,
        {{ try_cast(json_get('element_text', paths[1]), 'bigint') }} as {{ surface }}_sessions,
        {% endfor %}
        {% for surface, paths in claude_surfaces().items() %}
        {{ 'or ' if not loop.first }}coalesce(
            {{ json_get('element_text', paths[0]) }} is not null
            and coalesce({{ try_cast(json_get('element_text', paths[0]), 'bigint') }}, -1) < 0,
            false
        )
        {% endfor %}
            as has_unreadable_count,
        raw_text,
        source_file,
        extracted_at

    from page_elements

)

select * from typed
