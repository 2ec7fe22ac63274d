-- One row per GitHub login and start of a seat. The seat starts when it was created and ends at its
-- pending cancellation or on the day of the first complete listing without it, whichever is
-- earlier.

with

seats as (

    select * from {{ ref('base_github_copilot__seats') }}

    where row_status = 'kept'

),

bounded as (

    select
        github_login,
        greatest(cast(created_at as date), vacant_from) as valid_from,
        least(pending_cancellation_date, unlisted_from) as valid_to,
        source_record_id,
        extracted_at,
        source_file

    from seats

),

-- A seat that was cancelled before it began (a cancellation date in the past of a new seat) is
-- none.
renamed as (

    select
        '{{ vendor_tool_id("github_copilot") }}' as tool_id,
        'github_login' as alias_type,
        github_login as alias_value,
        valid_from,
        valid_to,
        'active' as status,
        cast(null as double) as monthly_cost,
        'github_copilot' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from bounded

    where
        valid_from is null
        or valid_to is null
        or valid_from < valid_to

)

select * from renamed
