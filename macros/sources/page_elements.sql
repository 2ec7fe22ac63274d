{#- The elements of JSON pages, for exports whose files are documents with an array: the CTEs `judged_pages`,
    `page_elements` and `elements` over a CTE `pages` (document_text, source_file, extracted_at).

    `elements` has one row per element of the array at `path`, and one per page without any, as count_json_elements()
    counts them:
    element_text     the element, an object as JSON text; NULL where there is none
    page_problem     unreadable_page (no JSON, or no such array: an error message, say), unreadable_element (no object)
    is_empty_page    the array is there and empty
    raw_text         the element, or the whole page
    source_file, extracted_at -#}
{% macro elements_of_pages(path) -%}
judged_pages as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page_text,
        source_file,
        extracted_at

    from pages

),

page_elements as (

    select
        {{ json_array_elements('page_text', path) }} as raw_text,
        true as is_element,
        false as is_empty_page,
        source_file,
        extracted_at

    from judged_pages

    where coalesce({{ json_array_size('page_text', path) }}, 0) > 0

    union all

    select
        document_text as raw_text,
        false as is_element,
        coalesce({{ json_get('page_text', path) }} = '[]', false) as is_empty_page,
        source_file,
        extracted_at

    from judged_pages

    where coalesce({{ json_array_size('page_text', path) }}, 0) = 0

),

elements as (

    select
        case
            when is_element and substr(raw_text, 1, 1) = '{' and {{ is_json('raw_text') }}
                then raw_text
        end as element_text,
        case
            when is_empty_page then null
            when not is_element then 'unreadable_page'
            when substr(coalesce(raw_text, ''), 1, 1) <> '{' or not {{ is_json('raw_text') }}
                then 'unreadable_element'
        end as page_problem,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from page_elements

)
{%- endmacro %}
