-- One row per EmpJob entity in a page of SuccessFactors' OData feed; a page that is unreadable or
-- has none is one row (is_row false). Employment fields are there when the query expands
-- employmentNav, codes instead of option ids when it expands emplStatusNav and jobCodeNav.

with

source_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        source_file,
        extracted_at

    from {{ source('successfactors_ec', 'emp_job') }}

),

pages as (

    select
        document_text,
        page,
        coalesce({{ json_array_size('page', '$.d.results') }} > 0, false) as has_rows,
        coalesce({{ json_get('page', '$.d.results') }} = '[]', false) as is_empty,
        source_file,
        extracted_at

    from source_rows

),

elements as (

    select
        true as is_row,
        false as is_empty_page,
        {{ json_array_elements('page', '$.d.results') }} as job_text,
        cast(null as string) as document_text,
        source_file,
        extracted_at

    from pages

    where has_rows

    union all

    select
        false as is_row,
        is_empty as is_empty_page,
        cast(null as string) as job_text,
        document_text,
        source_file,
        extracted_at

    from pages

    where not has_rows

),

job_rows as (

    select
        is_row,
        is_empty_page,
        {{ clean_text(json_get('job_text', '$.userId')) }} as user_id,
        {{ clean_text(json_get('job_text', '$.employmentNav.personIdExternal')) }} as person_id,
        {{ clean_text(json_get('job_text', '$.startDate')) }} as start_text,
        {{ clean_text(json_get('job_text', '$.endDate')) }} as end_text,
        {{ clean_text(json_get('job_text', '$.seqNumber')) }} as seq_text,
        upper({{ clean_text(
            'coalesce(' ~ json_get('job_text', '$.emplStatusNav.externalCode') ~ ', '
            ~ json_get('job_text', '$.emplStatus') ~ ')'
        ) }}) as status_code,
        case
            when upper({{ clean_text(json_get('job_text', '$.managerId')) }}) <> 'NO_MANAGER'
                then {{ clean_text(json_get('job_text', '$.managerId')) }}
        end as manager_employee_id,
        {{ clean_text(json_get('job_text', '$.jobTitle')) }} as job_title,
        coalesce(
            {{ clean_text(json_get('job_text', '$.jobCodeNav.jobFunction')) }},
            {{ clean_text(json_get('job_text', '$.jobCode')) }}
        ) as job_family,
        {{ clean_text(json_get('job_text', '$.department')) }} as department,
        {{ clean_text(json_get('job_text', '$.division')) }} as division,
        {{ clean_text(json_get('job_text', '$.location')) }} as location,
        {{ clean_text(json_get('job_text', '$.costCenter')) }} as cost_center,
        {{ clean_text(json_get('job_text', '$.countryOfCompany')) }} as country,
        {{ clean_text(json_get('job_text', '$.timezone')) }} as timezone,
        {{ json_get('job_text', '$.lastModifiedDateTime') }} as last_modified_text,
        {{ json_get('job_text', '$.employmentNav.startDate') }} as hire_date_text,
        {{ json_get('job_text', '$.employmentNav.originalStartDate') }} as original_hire_date_text,
        {{ try_cast(json_get('job_text', '$.employmentNav.isContingentWorker'), 'boolean') }}
            as is_contingent,
        coalesce(job_text, document_text) as raw_text,
        source_file,
        extracted_at

    from elements

)

select * from job_rows
