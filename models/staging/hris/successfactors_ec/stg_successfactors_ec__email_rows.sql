-- One row per PerEmail entity in a page of SuccessFactors' OData feed; a page that is unreadable or
-- has none is one row (is_row false). email_type is the code where the query expands emailTypeNav,
-- else the tenant's option id.

with

source_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        source_file,
        extracted_at

    from {{ source('successfactors_ec', 'per_email') }}

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
        {{ json_array_elements('page', '$.d.results') }} as email_text,
        cast(null as string) as document_text,
        source_file,
        extracted_at

    from pages

    where has_rows

    union all

    select
        false as is_row,
        is_empty as is_empty_page,
        cast(null as string) as email_text,
        document_text,
        source_file,
        extracted_at

    from pages

    where not has_rows

),

email_rows as (

    select
        is_row,
        is_empty_page,
        {{ clean_text(json_get('email_text', '$.personIdExternal')) }} as person_id,
        {{ clean_alias(json_get('email_text', '$.emailAddress')) }} as email_address,
        {{ clean_alias(
            'coalesce(' ~ json_get('email_text', '$.emailTypeNav.externalCode') ~ ', '
            ~ json_get('email_text', '$.emailType') ~ ')'
        ) }} as email_type,
        {{ try_cast(json_get('email_text', '$.isPrimary'), 'boolean') }} as is_primary,
        coalesce(email_text, document_text) as raw_text,
        source_file,
        extracted_at

    from elements

)

select * from email_rows
