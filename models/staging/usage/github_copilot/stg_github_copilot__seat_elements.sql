-- One row per seat in a page of the GitHub Copilot seats; an unreadable or empty page is one row
-- (is_seat false), so that every page is accounted for.
--
-- Only what is small travels with a seat: a page's text copied to each of its 8,000 seats took more
-- than 18 GiB (measured on 20,000 employees).

with

source_rows as (

    select
        document_text,
        case when {{ is_json('document_text') }} then document_text end as page,
        {{ regex_get('source_file', '^(.*)/', 1) }} as page_folder,
        source_file,
        extracted_at

    from {{ source('github_copilot', 'seats') }}

),

pages as (

    select
        document_text,
        page,
        {{ is_json_array(json_get('page', '$.seats')) }} as is_page,
        coalesce({{ json_array_size('page', '$.seats') }} > 0, false) as has_seats,
        {{ try_cast(json_get('page', '$.total_seats'), 'bigint') }} as total_seats,
        page_folder,
        source_file,
        extracted_at

    from source_rows

),

seats as (

    select
        {{ json_array_elements('page', '$.seats') }} as seat,
        total_seats,
        page_folder,
        source_file,
        extracted_at

    from pages

    where has_seats

),

numbered_seats as (

    select
        seat,
        row_number() over (partition by source_file order by seat) as seat_number,
        total_seats,
        page_folder,
        source_file,
        extracted_at

    from seats

),

elements as (

    select
        true as is_seat,
        true as is_page,
        {{ clean_alias(json_get('seat', '$.assignee.login')) }} as github_login,
        {{ clean_text(json_get('seat', '$.created_at')) }} as created_at_text,
        {{ clean_text(json_get('seat', '$.pending_cancellation_date')) }} as cancellation_text,
        total_seats,
        seat as raw_text,
        source_file || '#' || cast(seat_number as string) as source_record_id,
        page_folder,
        source_file,
        extracted_at

    from numbered_seats

    union all

    select
        false as is_seat,
        is_page,
        cast(null as string) as github_login,
        cast(null as string) as created_at_text,
        cast(null as string) as cancellation_text,
        total_seats,
        document_text as raw_text,
        source_file || '#page' as source_record_id,
        page_folder,
        source_file,
        extracted_at

    from pages

    where not has_seats

),

typed as (

    select
        is_seat,
        is_page,
        github_login,
        {{ parse_timestamp('created_at_text') }} as created_at,
        {{ leading_date('cancellation_text') }} as pending_cancellation_date,
        case
            when not is_page then 'unreadable_page'
            when is_seat and github_login is null then 'missing_login'
            when created_at_text is not null and {{ parse_timestamp('created_at_text') }} is null
                then 'unreadable_created_at'
            when cancellation_text is not null and {{ leading_date('cancellation_text') }} is null
                then 'unreadable_cancellation_date'
        end as quarantine_reason,
        total_seats,
        raw_text,
        source_record_id,
        page_folder,
        source_file,
        extracted_at

    from elements

)

select * from typed
