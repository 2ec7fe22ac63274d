-- One row per element of a report page: one learner and one content over the report's window. A
-- page that has no element is one row without element_text; is_empty_page tells it from one nobody
-- can read.

with

pages as (

    select * from {{ source('linkedin_learning', 'learning_activity_reports') }}

),

{{ page_elements('$.elements') }},

report_elements as (

    select
        raw_text,
        element_text,
        coalesce({{ json_get('element_text', '$.activities') }}, '[]') as activities_text,
        is_empty_page,
        source_file,
        extracted_at

    from page_elements

)

select * from report_elements
