-- One row per sign-in of the Graph pages and per line of the Azure Monitor export, as JSON. A page
-- that is unreadable or has no sign-ins is one row without it. Azure Monitor wraps a sign-in: what
-- Graph says at the top is under `properties` there.

with

page_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        source_file,
        extracted_at

    from {{ source('entra', 'sign_in_pages') }}

),

pages as (

    select
        document_text,
        page,
        coalesce({{ json_array_size('page', '$.value') }} > 0, false) as has_sign_ins,
        coalesce({{ json_get('page', '$.value') }} = '[]', false) as is_empty,
        source_file,
        extracted_at

    from page_rows

),

line_rows as (

    select
        line_text,
        case when {{ is_json('line_text') }} then line_text end as line_json,
        source_file,
        extracted_at

    from {{ source('entra', 'sign_in_lines') }}

),

from_pages as (

    select
        {{ json_array_elements('page', '$.value') }} as sign_in_text,
        source_file,
        extracted_at

    from pages

    where has_sign_ins

),

elements as (

    select
        'sign_in_pages' as feed,
        false as is_empty_page,
        sign_in_text as event_text,
        sign_in_text,
        sign_in_text as raw_text,
        source_file,
        extracted_at

    from from_pages

    union all

    select
        'sign_in_pages' as feed,
        is_empty as is_empty_page,
        cast(null as string) as event_text,
        cast(null as string) as sign_in_text,
        document_text as raw_text,
        source_file,
        extracted_at

    from pages

    where not has_sign_ins

    union all

    select
        'sign_in_lines' as feed,
        false as is_empty_page,
        line_json as event_text,
        coalesce({{ json_get('line_json', '$.properties') }}, line_json) as sign_in_text,
        line_text as raw_text,
        source_file,
        extracted_at

    from line_rows

)

select * from elements
