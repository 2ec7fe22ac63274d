-- One row per activity in a page of the Reports API, and one per page without activities, typed.
-- The vendor leaves `items` out of an empty page. The day is that of the UTC instant. A view: only
-- its base model reads it.
{{ config(materialized='view') }}

with

pages as (

    select * from {{ source('gemini_workspace', 'activities') }}

),

{{ page_elements(
    '$.items',
    has_next='coalesce(' ~ json_get('page', '$.nextPageToken') ~ ", '') <> ''",
    marker='$.kind'
) }},

typed as (

    select
        page_kind,
        element_text is not null as is_readable,
        has_next_page,
        {{ requested_day('source_file') }} as requested_day,
        {{ parse_timestamp(json_get('element_text', '$.id.time')) }} as occurred_at,
        {{ clean_text(json_get('element_text', '$.id.uniqueQualifier')) }} as unique_qualifier,
        {{ clean_text(json_get('element_text', '$.id.customerId')) }} as customer_id,
        {{ clean_alias(json_get('element_text', '$.id.applicationName')) }} as application_name,
        {{ clean_alias(json_get('element_text', '$.actor.email')) }} as email,
        {{ json_get('element_text', '$.events') }} as events_text,
        raw_text,
        source_file,
        extracted_at

    from page_elements

)

select * from typed
