-- One row per listing of GitHub Copilot seats (all pages of one delivery date). A listing with
-- fewer rows than its total_seats, or with an unreadable page or date, is incomplete: who is absent
-- from it may still have a seat. (Rows, not people: exports differ in whether total_seats counts a
-- person once or once per assigning team.)

with

seat_elements as (

    select * from {{ ref('stg_github_copilot__seat_elements') }}

),

-- Pages of one folder belong together; organisations have a folder each.
folders as (

    select
        page_folder,
        extracted_at,
        sum(case when is_seat then 1 else 0 end) as seat_count,
        max(total_seats) as total_seats,
        min(created_at) as first_created_at,
        min(
            case
                when coalesce(quarantine_reason, 'missing_login') = 'missing_login' then 1
                else 0
            end
        ) as is_readable

    from seat_elements

    group by page_folder, extracted_at

),

listings as (

    select
        extracted_at,
        sum(seat_count) as seat_count,
        min(first_created_at) as first_created_at,
        min(page_folder) as page_folder,
        min(
            case when is_readable = 1 and seat_count >= coalesce(total_seats, 0) then 1 else 0 end
        ) as is_complete

    from folders

    group by extracted_at

),

numbered as (

    select
        extracted_at,
        page_folder,
        cast(seat_count as bigint) as seat_count,
        is_complete = 1 as is_complete,
        first_created_at,
        max(case when is_complete = 1 then extracted_at end) over (
            order by extracted_at
            rows between unbounded preceding and 1 preceding
        ) as previous_complete_at,
        min(case when is_complete = 1 then extracted_at end) over (
            order by extracted_at
            rows between 1 following and unbounded following
        ) as next_complete_at

    from listings

)

select * from numbered
