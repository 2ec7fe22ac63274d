-- One row per delivered row of the Cornerstone learning-object list; the newest row of each stays.

with

source_rows as (

    select * from {{ source('cornerstone', 'training_core') }}

),

parsed as (

    select
        {{ clean_text('object_id') }} as object_id,
        {{ clean_text('lo_title') }} as title,
        {{ clean_text('lo_type') }} as lo_type,
        {{ clean_text('lo_provider') }} as provider,
        {{ clean_text('lo_version') }} as version,
        {{ try_cast('lo_hours', 'double') }} as hours,
        {{ parse_timestamp('lo_create_dt') }} as created_at,
        {{ parse_timestamp('lo_modified_dt') }} as modified_at,
        {{ delivered_row('cornerstone', 'training_core') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        object_id,
        title,
        lo_type,
        provider,
        version,
        hours,
        created_at,
        modified_at,
        case when object_id is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        object_id,
        title,
        lo_type,
        provider,
        version,
        hours,
        created_at,
        modified_at,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by object_id
            order by
                extracted_at desc,
                modified_at desc nulls last,
                source_file desc,
                version desc nulls last,
                title asc nulls last
        ) as delivery_rank

    from typed

),

judged as (

    select
        object_id,
        title,
        lo_type,
        provider,
        version,
        hours,
        created_at,
        modified_at,
        case
            when object_id is null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when object_id is null then 'missing_object_id'
            when delivery_rank > 1 then 'newer_delivery'
        end as status_reason,
        raw_text,
        coalesce(object_id, '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
