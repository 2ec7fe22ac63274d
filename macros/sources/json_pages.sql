{#- Pages of an API: documents of which one array holds the rows. A model selects them as the CTE `pages` and goes on
    with `page_arrays` and `page_elements`, whose bodies these are. -#}


{#- `page_arrays`, over `pages`: array_text is the array at `path`. NULL: nobody can read the page, or it has none. -#}
{% macro page_arrays(path) -%}
    select
        document_text,
        case when array_text like '[%' and {{ is_json('array_text') }} then array_text end as array_text,
        source_file,
        extracted_at

    from (
        select
            document_text,
            case
                when {{ is_json('document_text') }} then {{ json_get('document_text', path) }}
            end as array_text,
            source_file,
            extracted_at

        from pages
    ) as read_pages
{%- endmacro %}


{#- `page_elements`, over `page_arrays`: one row per element, element_text NULL where it is no object; a page without
    elements is one row without element_text, and is_empty_page tells an empty array from a page that cannot be read.
    raw_text is what was delivered. -#}
{% macro page_elements() -%}
    select
        case
            when substr(raw_text, 1, 1) = '{' and {{ is_json('raw_text') }} then raw_text
        end as element_text,
        raw_text,
        false as is_empty_page,
        source_file,
        extracted_at

    from (
        select
            {{ json_array_elements('array_text', '$') }} as raw_text,
            source_file,
            extracted_at

        from page_arrays

        where array_text != '[]'
    ) as elements

    union all

    select
        cast(null as string) as element_text,
        document_text as raw_text,
        array_text is not null as is_empty_page,
        source_file,
        extracted_at

    from page_arrays

    where coalesce(array_text, '[]') = '[]'
{%- endmacro %}
