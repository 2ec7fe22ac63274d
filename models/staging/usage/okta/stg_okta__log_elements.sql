-- One row per event of the Okta System Log, from pages (JSON arrays) and from lines, as JSON. A
-- page that is unreadable or has no events is one row without it.

with

page_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        source_file,
        extracted_at

    from {{ source('okta', 'system_log_pages') }}

),

line_rows as (

    select
        line_text,
        case when {{ is_json('line_text') }} then line_text end as line_json,
        source_file,
        extracted_at

    from {{ source('okta', 'system_log_lines') }}

),

from_pages as (

    select
        {{ json_array_elements('page', '$') }} as event_text,
        source_file,
        extracted_at

    from page_rows

    where coalesce({{ json_array_size('page', '$') }} > 0, false)

),

elements as (

    select
        'system_log_pages' as feed,
        false as is_empty_page,
        event_text,
        event_text as raw_text,
        source_file,
        extracted_at

    from from_pages

    union all

    select
        'system_log_pages' as feed,
        coalesce({{ json_get('page', '$') }} = '[]', false) as is_empty_page,
        cast(null as string) as event_text,
        document_text as raw_text,
        source_file,
        extracted_at

    from page_rows

    where not coalesce({{ json_array_size('page', '$') }} > 0, false)

    union all

    select
        'system_log_lines' as feed,
        false as is_empty_page,
        line_json as event_text,
        line_text as raw_text,
        source_file,
        extracted_at

    from line_rows

)

select * from elements
