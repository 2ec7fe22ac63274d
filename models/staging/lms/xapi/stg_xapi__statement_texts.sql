-- One row per line of an NDJSON export and per statement of a `{statements, more}` page; a page
-- that has no statement is one row without statement_text; is_empty_page tells it from an
-- unreadable one.

with

lines as (

    select * from {{ source('xapi', 'statements') }}

),

pages as (

    select * from {{ source('xapi', 'statement_pages') }}

),

judged_pages as (

    select
        document_text,
        {{ is_json('document_text') }} as is_page,
        case when {{ is_json('document_text') }} then document_text end as page_text,
        source_file,
        extracted_at

    from pages

),

pages_with_statements as (

    select
        document_text,
        coalesce({{ json_array_size('page_text', '$.statements') }} > 0, false) as has_statements,
        page_text,
        source_file,
        extracted_at

    from judged_pages

),

page_statements as (

    select
        {{ json_array_elements('page_text', '$.statements') }} as statement_text,
        source_file,
        extracted_at

    from pages_with_statements

    where has_statements

),

statement_texts as (

    select
        'statements' as feed,
        line_text as raw_text,
        case when {{ is_json('line_text') }} then line_text end as statement_text,
        false as is_empty_page,
        source_file,
        extracted_at

    from lines

    union all

    select
        'statement_pages' as feed,
        statement_text as raw_text,
        statement_text,
        false as is_empty_page,
        source_file,
        extracted_at

    from page_statements

    union all

    select
        'statement_pages' as feed,
        document_text as raw_text,
        cast(null as string) as statement_text,
        coalesce({{ json_get('page_text', '$.statements') }} = '[]', false) as is_empty_page,
        source_file,
        extracted_at

    from pages_with_statements

    where not has_statements

)

select * from statement_texts
