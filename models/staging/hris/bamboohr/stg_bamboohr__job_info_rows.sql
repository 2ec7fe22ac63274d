-- One row per job info row in a BambooHR document (or per document without rows), typed.
-- '0000-00-00' is no date. reportsTo is a name: only that there is one is kept.

with

elements as (

    select * from {{ ref('stg_bamboohr__job_info_elements') }}

),

job_info_rows as (

    select
        is_row,
        is_empty_page,
        coalesce(employee_key, {{ clean_text(json_get('job_text', '$.employeeId')) }})
            as bamboohr_id,
        {{ try_cast(json_get('job_text', '$.id'), 'bigint') }} as row_number_in_bamboohr,
        nullif({{ clean_text(json_get('job_text', '$.date')) }}, '0000-00-00') as job_date_text,
        {{ clean_text(json_get('job_text', '$.jobTitle')) }} as job_title,
        {{ clean_text(json_get('job_text', '$.department')) }} as department,
        {{ clean_text(json_get('job_text', '$.division')) }} as division,
        {{ clean_text(json_get('job_text', '$.location')) }} as location,
        {{ clean_text(json_get('job_text', '$.reportsTo')) }} is not null as names_manager,
        raw_text,
        source_file,
        extracted_at

    from elements

)

select * from job_info_rows
