-- One row per element of a report page: one learner and one content over the report's window. A
-- page that has no element is one row without element_text; is_empty_page tells it from one nobody
-- can read.

with

pages as (

    select * from {{ source('linkedin_learning', 'learning_activity_reports') }}

),

judged_pages as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page_text,
        source_file,
        extracted_at

    from pages

),

elements as (

    select
        {{ json_array_elements('page_text', '$.elements') }} as element_text,
        source_file,
        extracted_at

    from judged_pages

    where page_text is not null

),

report_elements as (

    select
        element_text as raw_text,
        element_text,
        false as is_empty_page,
        source_file,
        extracted_at

    from elements

    union all

    select
        document_text as raw_text,
        cast(null as string) as element_text,
        coalesce({{ json_get('page_text', '$.elements') }} = '[]', false) as is_empty_page,
        source_file,
        extracted_at

    from judged_pages

    where {{ json_get('page_text', '$.elements[0]') }} is null

)

select * from report_elements
