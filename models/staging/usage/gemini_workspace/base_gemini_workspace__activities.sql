-- One row per activity of Gemini in Workspace apps, and one per page without activities, judged. An
-- activity is known by its time and qualifier; listings overlap, so it comes again, and the first
-- delivered copy stays. Nothing is withdrawn: an audit log only grows.

with

delivered_items as (

    select * from {{ ref('stg_gemini_workspace__delivered_items') }}

),

screened as (

    select
        *,
        coalesce(application_name, 'gemini') not like 'gemini%' as is_other_application,
        case
            when page_kind = 'empty' then null
            when not is_readable then 'unreadable_page'
            when coalesce(application_name, 'gemini') not like 'gemini%' then null
            when occurred_at is null then 'unreadable_time'
            when unique_qualifier is null then 'missing_qualifier'
            when email is null then 'missing_actor_email'
            when not {{ is_json_array('events_text') }} then 'missing_events'
        end as quarantine_reason

    from delivered_items

),

-- The pages of one listing: one day as asked for, on one date of delivery.
ranked as (

    select
        *,
        min(case when has_next_page then 1 else 0 end) over (
            partition by requested_day, extracted_at
        ) = 0 as has_last_page,
        row_number() over (
            partition by occurred_at, unique_qualifier, customer_id, quarantine_reason is null
            order by extracted_at, source_file, email, events_text
        ) as copy_rank

    from screened

),

judged as (

    select
        occurred_at,
        cast(occurred_at as date) as usage_date,
        email,
        application_name,
        case when quarantine_reason is null then events_text end as events_text,
        requested_day,
        has_last_page,
        case
            when quarantine_reason is not null then 'quarantined'
            when page_kind = 'empty' or is_other_application or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when page_kind = 'empty' then 'empty_page'
            when is_other_application then 'other_application'
            when copy_rank > 1 then 'same_activity'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        cast(occurred_at as string)
        || '|'
        || unique_qualifier
        || '|'
        || coalesce(customer_id, '')
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
