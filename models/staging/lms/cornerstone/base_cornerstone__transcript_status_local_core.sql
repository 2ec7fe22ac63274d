-- One row per delivered row of the tenant's transcript statuses (one per language and status).

with

source_rows as (

    select * from {{ source('cornerstone', 'transcript_status_local_core') }}

),

parsed as (

    select
        {{ clean_text('culture_id') }} as culture_id,
        {{ clean_text('status_id') }} as status_id,
        {{ clean_text('status') }} as status,
        {{ delivered_row('cornerstone', 'transcript_status_local_core') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        culture_id,
        status_id,
        status,
        case when status_id is null or status is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        culture_id,
        status_id,
        status,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by culture_id, status_id
            order by extracted_at desc, source_file desc, status asc
        ) as delivery_rank

    from typed

),

judged as (

    select
        culture_id,
        status_id,
        status,
        case
            when status_id is null or status is null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when status_id is null then 'missing_status_id'
            when status is null then 'missing_status'
            when delivery_rank > 1 then 'newer_delivery'
        end as status_reason,
        raw_text,
        coalesce(culture_id, '') || '|' || coalesce(status_id, '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
