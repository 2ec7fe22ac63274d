-- One row per entry of an enrollment report with its columns under their fields' names, and one per
-- page without any.
--
-- A report leaves empty values out, so a column that one entry lacks is nothing. A mapped column
-- that no entry of the whole delivery has was renamed or removed: it is named in absent_field, or
-- in absent_end_field where entries have it only once they ended.

{% set fields = workday_learning_fields() %}
{% set end_fields = workday_learning_end_fields() %}

with

pages as (

    select * from {{ source('workday_learning', 'learning_enrollments') }}

),

report_columns as (

    select * from {{ ref('stg_workday_learning__report_columns') }}

),

{{ page_elements('$.Report_Entry') }},

-- many entries : the one row of columns.
mapped as (

    select
        page_elements.element_text,
        {% for field in fields %}
        {{ json_get_at(
            'page_elements.element_text', "'$.' || report_columns." ~ field ~ '_column'
        ) }}
            as {{ field }}_text,
        report_columns.{{ field }}_column is not null as is_{{ field }}_mapped,
        {% endfor %}
        page_elements.raw_text,
        page_elements.is_empty_page,
        page_elements.source_file,
        page_elements.extracted_at

    from page_elements

    cross join report_columns

),

report_entries as (

    select
        element_text,
        {% for field in fields %}
        {{ clean_text(field ~ '_text') }} as {{ field }}_text,
        {% endfor %}
        {% for name, group in {
            'absent_field': fields | reject('in', end_fields), 'absent_end_field': end_fields
        }.items() %}
        case
            {% for field in group %}
            when
                is_{{ field }}_mapped
                and max(case when {{ field }}_text is null then 0 else 1 end) over (
                    partition by extracted_at
                ) = 0
                then '{{ field }}'
            {% endfor %}
        end as {{ name }},
        {% endfor %}
        raw_text,
        is_empty_page,
        source_file,
        extracted_at

    from mapped

)

select * from report_entries
