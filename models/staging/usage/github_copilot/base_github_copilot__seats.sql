-- One row per seat listed in a page of the GitHub Copilot seats. A person is listed once per
-- assigning team: one row a listing counts. Listings of a login without a complete listing in
-- between that lacks it are one seat period: its last row is kept and carries the period.

with

seat_elements as (

    select * from {{ ref('stg_github_copilot__seat_elements') }}

),

listings as (

    select * from {{ ref('stg_github_copilot__seat_listings') }}

),

-- many seats : the one listing they are in (made of the same rows, so every row matches)
ranked as (

    select
        seat_elements.github_login,
        min(seat_elements.created_at) over (
            partition by seat_elements.extracted_at, seat_elements.github_login
        ) as created_at,
        seat_elements.pending_cancellation_date,
        listings.next_complete_at,
        seat_elements.quarantine_reason,
        seat_elements.is_seat,
        row_number() over (
            partition by
                seat_elements.extracted_at,
                seat_elements.github_login,
                seat_elements.quarantine_reason is null
            order by
                seat_elements.pending_cancellation_date desc nulls first,
                seat_elements.source_file desc,
                seat_elements.source_record_id asc
        ) as rank_in_listing,
        seat_elements.raw_text,
        seat_elements.source_record_id,
        seat_elements.source_file,
        seat_elements.extracted_at

    from seat_elements

    left join listings
        on seat_elements.extracted_at = listings.extracted_at

),

compared as (

    select
        github_login,
        created_at,
        pending_cancellation_date,
        next_complete_at,
        quarantine_reason,
        is_seat,
        is_seat and quarantine_reason is null and rank_in_listing = 1 as is_listed,
        lag(next_complete_at) over (
            partition by github_login, rank_in_listing, quarantine_reason is null
            order by extracted_at
        ) as previous_next_complete_at,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from ranked

),

-- A new period starts where a complete listing without the login came before.
runs as (

    select
        github_login,
        created_at,
        pending_cancellation_date,
        next_complete_at,
        quarantine_reason,
        is_seat,
        is_listed,
        case when previous_next_complete_at < extracted_at then previous_next_complete_at end
            as vacant_from,
        sum(case when previous_next_complete_at < extracted_at then 1 else 0 end) over (
            partition by is_listed, github_login
            order by extracted_at
            rows between unbounded preceding and current row
        ) as run_number,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from compared

),

periods as (

    select
        github_login,
        min(created_at) over (partition by is_listed, github_login, run_number) as created_at,
        max(vacant_from) over (partition by is_listed, github_login, run_number) as vacant_from,
        pending_cancellation_date,
        next_complete_at,
        quarantine_reason,
        case
            when not is_seat then 'page_without_seats'
            when not is_listed then 'repeated_per_team'
            when
                extracted_at
                < max(extracted_at) over (partition by is_listed, github_login, run_number)
                then 'repeated_in_newer_listing'
        end as superseded_reason,
        raw_text,
        source_record_id,
        source_file,
        extracted_at

    from runs

),

judged as (

    select
        github_login,
        created_at,
        cast(vacant_from as date) as vacant_from,
        pending_cancellation_date,
        cast(next_complete_at as date) as unlisted_from,
        case
            when quarantine_reason is not null then 'quarantined'
            when superseded_reason is not null then 'superseded'
            else 'kept'
        end as row_status,
        coalesce(quarantine_reason, superseded_reason) as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        source_record_id,
        source_file,
        extracted_at

    from periods

)

select * from judged
