{#- The elements of JSON pages, for exports whose files are documents with an array: CTEs, the last one
    `page_elements`, over a CTE `pages` (document_text, source_file, extracted_at). It has one row per element of the
    array at `path`, and one per page without any, as count_json_elements() counts them:

    page_kind        element, empty (the array is there and empty) or unreadable (no JSON, or no such array: an error
                     message, say)
    element_text     the element, an object as JSON text; NULL where there is none
    page_problem     unreadable_page, unreadable_element (no object), else NULL
    is_empty_page    page_kind is empty
    raw_text         the element, or the whole page
    has_next_page    only with `has_next`: that SQL over `page` (the document, NULL where it is no JSON) and document_text
    source_file, extracted_at

    `marker` is the path that tells a page from an error message, where a vendor leaves the array of an empty page
    out. -#}
{% macro page_elements(path, has_next=none, marker=none) -%}
read_pages as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        source_file,
        extracted_at

    from pages

),

counted_pages as (

    select
        document_text,
        page,
        coalesce({{ json_array_size('page', path) }}, 0) > 0 as has_elements,
        {% if marker -%}
        {{ json_get('page', marker) }} is not null
        and coalesce({{ json_get('page', path) }}, '[]') = '[]' as is_empty,
        {%- else -%}
        coalesce({{ json_get('page', path) }}, '') = '[]' as is_empty,
        {%- endif %}
        {% if has_next -%}
        {{ has_next }} as has_next_page,
        {% endif -%}
        source_file,
        extracted_at

    from read_pages

),

delivered_elements as (

    select
        'element' as page_kind,
        {{ json_array_elements('page', path) }} as raw_text,
        {% if has_next -%}
        has_next_page,
        {% endif -%}
        source_file,
        extracted_at

    from counted_pages

    where has_elements

    union all

    select
        case when is_empty then 'empty' else 'unreadable' end as page_kind,
        document_text as raw_text,
        {% if has_next -%}
        has_next_page,
        {% endif -%}
        source_file,
        extracted_at

    from counted_pages

    where not has_elements

),

page_elements as (

    select
        page_kind,
        case
            when page_kind = 'element' and substr(raw_text, 1, 1) = '{' and {{ is_json('raw_text') }}
                then raw_text
        end as element_text,
        case
            when page_kind = 'unreadable' then 'unreadable_page'
            when page_kind = 'empty' then null
            when substr(coalesce(raw_text, ''), 1, 1) <> '{' or not {{ is_json('raw_text') }}
                then 'unreadable_element'
        end as page_problem,
        page_kind = 'empty' as is_empty_page,
        raw_text,
        {% if has_next -%}
        has_next_page,
        {% endif -%}
        source_file,
        extracted_at

    from delivered_elements

)
{%- endmacro %}
