-- One row per job info row in a BambooHR document, which is either the table (an array of rows, of
-- all employees or of one) or the changed tables (an object of employees, each with all of its
-- rows). A document without rows is one row (is_row false), and so is a member that has no table.

with

source_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        source_file,
        extracted_at

    from {{ source('bamboohr', 'job_info') }}

),

pages as (

    select
        document_text,
        page,
        coalesce({{ json_array_size('page', '$') }} > 0, false) as is_table,
        coalesce(
            substr({{ json_get('page', '$.employees') }}, 1, 1) = '{'
            and {{ json_member_array_length('page', '$.employees', 'rows') }} > 0,
            false
        ) as is_changes,
        coalesce(trim(page) = '[]', false)
        or {{ json_get('page', '$.employees') }} is not null as is_page,
        source_file,
        extracted_at

    from source_rows

),

changed_employees as (

    select
        {{ json_object_members('page', '$.employees') }} as member_text,
        source_file,
        extracted_at

    from pages

    where is_changes

),

employee_tables as (

    select
        {{ clean_text(json_get('member_text', '$.key')) }} as bamboohr_id,
        {{ json_get('member_text', '$.value') }} as table_text,
        member_text,
        source_file,
        extracted_at

    from changed_employees

),

with_rows as (

    select
        *,
        coalesce({{ json_get('table_text', '$.rows') }} like '[%', false) as has_rows

    from employee_tables

),

job_texts as (

    select
        cast(null as string) as employee_key,
        {{ json_array_elements('page', '$') }} as job_text,
        source_file,
        extracted_at

    from pages

    where is_table

    union all

    select
        bamboohr_id as employee_key,
        {{ json_array_elements('table_text', '$.rows') }} as job_text,
        source_file,
        extracted_at

    from with_rows

    where has_rows

),

elements as (

    select
        true as is_row,
        false as is_empty_page,
        employee_key,
        job_text,
        job_text as raw_text,
        source_file,
        extracted_at

    from job_texts

    union all

    select
        false as is_row,
        false as is_empty_page,
        bamboohr_id as employee_key,
        cast(null as string) as job_text,
        member_text as raw_text,
        source_file,
        extracted_at

    from with_rows

    where not has_rows

    union all

    select
        false as is_row,
        is_page as is_empty_page,
        cast(null as string) as employee_key,
        cast(null as string) as job_text,
        document_text as raw_text,
        source_file,
        extracted_at

    from pages

    where not is_table and not is_changes

)

select * from elements
