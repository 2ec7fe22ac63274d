-- One row per seat in a page of the GitHub Copilot seats; an unreadable or empty page is one row
-- (is_seat false), so that every page is accounted for.

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

elements as (

    select
        {{ json_array_elements('page', '$.seats') }} as seat,
        source_file

    from source_rows

),

numbered_elements as (

    select
        seat,
        row_number() over (partition by source_file order by seat) as seat_number,
        source_file

    from elements

),

-- one page : its seats; a page without any keeps one row
page_seats as (

    select
        source_rows.document_text,
        source_rows.page,
        source_rows.page_folder,
        numbered_elements.seat,
        numbered_elements.seat_number,
        source_rows.source_file,
        source_rows.extracted_at

    from source_rows

    left join numbered_elements
        on source_rows.source_file = numbered_elements.source_file

),

typed as (

    select
        seat is not null as is_seat,
        page is not null and {{ json_get('page', '$.seats') }} is not null as is_page,
        {{ clean_alias(json_get('seat', '$.assignee.login')) }} as github_login,
        {{ parse_timestamp(json_get('seat', '$.created_at')) }} as created_at,
        {{ try_cast(
            'substr(' ~ json_get('seat', '$.pending_cancellation_date') ~ ', 1, 10)', 'date'
        ) }}
            as pending_cancellation_date,
        {{ try_cast(json_get('page', '$.total_seats'), 'bigint') }} as total_seats,
        coalesce(seat, document_text) as raw_text,
        source_file || '#' || coalesce(cast(seat_number as string), 'page') as source_record_id,
        page_folder,
        source_file,
        extracted_at

    from page_seats

)

select * from typed
