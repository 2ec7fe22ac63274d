-- One row per delivered row of the Cornerstone user list.
--
-- Leavers vanish from later lists, so absence withdraws nothing: the newest row of each user that
-- has a user_ref stays. One without (HR's employee number) names nobody and is quarantined.

with

source_rows as (

    select * from {{ source('cornerstone', 'users_core') }}

),

typed as (

    select
        {{ clean_alias('user_id') }} as user_id,
        {{ clean_text('user_ref') }} as user_ref,
        {{ clean_alias('user_email') }} as user_email,
        source_file,
        extracted_at

    from source_rows

),

ranked as (

    select
        user_id,
        user_ref,
        user_email,
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
        case
            when user_id is null or user_ref is null
                then
                    'user_id=' || coalesce(user_id, '')
                    || ', user_email=' || coalesce(user_email, '')
        end as raw_text,
        coalesce(user_id, '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
