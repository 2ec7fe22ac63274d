-- One row per delivered row of Workday locations (full copies, one a date); the newest copy of an
-- id is kept. The only Workday table that knows a time zone; optional.

with

source_rows as (

    select * from {{ source('workday', 'location') }}

),

parsed as (

    select
        {{ clean_text('id') }} as location_id,
        {{ clean_text('name') }} as location_name,
        {{ clean_text('time_zone') }} as time_zone,
        {{ clean_text('country') }} as country,
        {{ parse_timestamp('_fivetran_synced') }} as synced_at,
        {{ delivered_row('workday', 'location') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        location_id,
        location_name,
        time_zone,
        country,
        synced_at,
        case when location_id is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        location_id,
        location_name,
        time_zone,
        country,
        synced_at,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by location_id
            order by
                extracted_at desc,
                source_file desc,
                synced_at desc nulls last,
                location_name asc nulls last,
                time_zone asc nulls last,
                country asc nulls last
        ) as copy_rank

    from typed

),

judged as (

    select
        location_id,
        location_name,
        time_zone,
        country,
        case
            when location_id is null then 'quarantined'
            when copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when location_id is null then 'missing_location_id'
            when copy_rank > 1 then 'repeated_in_newer_copy'
        end as status_reason,
        raw_text,
        location_id as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
