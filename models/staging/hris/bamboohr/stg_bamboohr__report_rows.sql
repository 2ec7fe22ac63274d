-- One row per employee in a BambooHR report (custom report, JSON); a report that is unreadable or
-- lists nobody is one row (is_employee false). '0000-00-00' is BambooHR's way to say: no date.

with

source_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as report,
        source_file,
        extracted_at

    from {{ source('bamboohr', 'employees') }}

),

reports as (

    select
        document_text,
        report,
        coalesce({{ json_array_size('report', '$.employees') }} > 0, false) as has_employees,
        coalesce({{ json_get('report', '$.employees') }} = '[]', false) as is_empty,
        source_file,
        extracted_at

    from source_rows

),

elements as (

    select
        true as is_employee,
        false as is_empty_report,
        {{ json_array_elements('report', '$.employees') }} as employee_text,
        cast(null as string) as document_text,
        source_file,
        extracted_at

    from reports

    where has_employees

    union all

    select
        false as is_employee,
        is_empty as is_empty_report,
        cast(null as string) as employee_text,
        document_text,
        source_file,
        extracted_at

    from reports

    where not has_employees

),

report_rows as (

    select
        is_employee,
        is_empty_report,
        {{ clean_text(json_get('employee_text', '$.id')) }} as bamboohr_id,
        {{ clean_text(json_get('employee_text', '$.employeeNumber')) }} as employee_number,
        {{ clean_alias(json_get('employee_text', '$.workEmail')) }} as work_email,
        {{ clean_text(json_get('employee_text', '$.jobTitle')) }} as job_title,
        {{ clean_text(json_get('employee_text', '$.department')) }} as department,
        {{ clean_text(json_get('employee_text', '$.division')) }} as division,
        {{ clean_text(json_get('employee_text', '$.location')) }} as location,
        {{ clean_text(json_get('employee_text', '$.country')) }} as country,
        {{ clean_text(json_get('employee_text', '$.supervisorEId')) }} as supervisor_bamboohr_id,
        {{ clean_text(json_get('employee_text', '$.supervisorId')) }} as supervisor_number,
        {{ clean_text(json_get('employee_text', '$.supervisor')) }} is not null
            as has_supervisor_name,
        {{ clean_alias(json_get('employee_text', '$.status')) }} as record_status,
        {{ clean_alias(json_get('employee_text', '$.employmentHistoryStatus')) }}
            as employment_kind,
        nullif({{ clean_text(json_get('employee_text', '$.hireDate')) }}, '0000-00-00')
            as hire_date_text,
        nullif({{ clean_text(json_get('employee_text', '$.originalHireDate')) }}, '0000-00-00')
            as original_hire_date_text,
        nullif({{ clean_text(json_get('employee_text', '$.terminationDate')) }}, '0000-00-00')
            as termination_date_text,
        coalesce(employee_text, document_text) as raw_text,
        source_file,
        extracted_at

    from elements

)

select * from report_rows
