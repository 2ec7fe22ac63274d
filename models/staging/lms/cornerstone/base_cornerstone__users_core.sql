-- One row per delivered row of the Cornerstone user list.
--
-- Leavers vanish from later lists, so absence withdraws nothing: the newest row of each user that
-- has a user_ref stays. One without (HR's employee number) names nobody and is quarantined.

with

source_rows as (

    select * from {{ source('cornerstone', 'users_core') }}

),

parsed as (

    select
        {{ clean_alias('user_id') }} as user_id,
        {{ clean_text('user_ref') }} as user_ref,
        {{ clean_alias('user_email') }} as user_email,
        {{ delivered_row('cornerstone', 'users_core') }} as delivered_text,
        source_file,
        extracted_at

    from source_rows

),

-- What a cast made NULL is still in the row as it came.
typed as (

    select
        user_id,
        user_ref,
        user_email,
        case when user_id is null or user_ref is null then delivered_text end as raw_text,
        source_file,
        extracted_at

    from parsed

),

ranked as (

    select
        user_id,
        user_ref,
        user_email,
        raw_text,
        source_file,
        extracted_at,
        row_number() over (
            partition by user_id, user_ref is null
            order by extracted_at desc, source_file desc, user_ref asc nulls last, user_email asc
        ) as delivery_rank

    from typed

),

judged as (

    select
        user_id,
        user_ref,
        case
            when user_id is null or user_ref is null then 'quarantined'
            when delivery_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when user_id is null then 'missing_user_id'
            when user_ref is null then 'missing_user_ref'
            when delivery_rank > 1 then 'newer_delivery'
        end as status_reason,
        raw_text,
        coalesce(user_id, '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
