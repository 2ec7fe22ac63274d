{#- CTEs, the last one `page_elements`, over the CTE `documents` (JSON documents): one row per element of the
    array at `path`, and one per document without an element. Columns:

    page_kind      element, empty (a page that holds nothing) or unreadable (no JSON, or an error message)
    element_text   the element, NULL where it is no JSON or the page has none
    raw_text       the element, or the whole document where it has none
    has_next_page  whether the page says that another one follows (`has_next`: SQL over page and document_text)

    `marker` is the path that tells a page from an error message, where the array of an empty page is left out. -#}
{% macro elements_of_usage_pages(path, has_next, marker=none) -%}
pages as (

    select
        document_text,
        page,
        coalesce({{ json_array_size('page', path) }} > 0, false) as has_elements,
        {{ json_get('page', marker or path) }} is not null
        and ({{ json_get('page', path) }} is null or {{ is_json_array(json_get('page', path)) }})
            as is_page,
        {{ has_next }} as has_next_page,
        source_file,
        extracted_at

    from (
        select
            document_text,
            case when {{ is_json('document_text') }} then document_text end as page,
            source_file,
            extracted_at

        from documents
    ) as read_documents

),

elements as (

    select
        {{ json_array_elements('page', path) }} as element_text,
        has_next_page,
        source_file,
        extracted_at

    from pages

    where has_elements

),

page_elements as (

    select
        'element' as page_kind,
        case when {{ is_json('element_text') }} then element_text end as element_text,
        element_text as raw_text,
        has_next_page,
        source_file,
        extracted_at

    from elements

    union all

    select
        case when is_page then 'empty' else 'unreadable' end as page_kind,
        cast(null as string) as element_text,
        document_text as raw_text,
        has_next_page,
        source_file,
        extracted_at

    from pages

    where not has_elements

)
{%- endmacro %}


{#- The day a report was asked for: the last date in the file's path. (The first one is the day of its delivery;
    a path with one date has it for both.) -#}
{% macro requested_day(source_file) -%}
    {{ try_cast(regex_get(source_file, '^.*([0-9]{4}-[0-9]{2}-[0-9]{2})', 1), 'date') }}
{%- endmacro %}
