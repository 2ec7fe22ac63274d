-- One row per delivered row of the tenant's daily report (Salesforce Agentforce and Einstein):
-- one user, day and feature. The newest delivery of a day replaces the older ones wholly, also for
-- users it no longer lists. Actions decide who is active, so a row without a readable number of
-- them is quarantined.

with

source_rows as (

    select
        {{ clean_text('usage_date') }} as date_text,
        {{ clean_alias('user_email') }} as email,
        coalesce({{ clean_alias('feature') }}, 'unspecified') as feature,
        {{ clean_text('actions') }} as actions_text,
        {{ try_cast('sessions', 'bigint') }} as session_count,
        {{ row_as_text(['usage_date', 'user_email', 'actions', 'feature', 'sessions']) }}
            as delivered_text,
        source_file,
        extracted_at

    from {{ source('agentforce', 'daily_usage') }}

),

typed as (

    select
        {{ leading_date('date_text') }} as usage_date,
        email,
        feature,
        {{ try_cast('actions_text', 'bigint') }} as action_count,
        session_count,
        actions_text,
        delivered_text,
        source_file,
        extracted_at

    from source_rows

),

screened as (

    select
        *,
        case
            when usage_date is null then 'unreadable_usage_date'
            when email is null then 'missing_user'
            when actions_text is null then 'missing_actions'
            when coalesce(action_count, -1) < 0 then 'unreadable_actions'
        end as quarantine_reason

    from typed

),

ranked as (

    select
        *,
        max(case when quarantine_reason is null then extracted_at end) over (
            partition by usage_date
        ) as newest_extracted_at,
        row_number() over (
            partition by usage_date, email, feature, extracted_at, quarantine_reason is null
            order by action_count desc nulls last, source_file desc, session_count desc nulls last
        ) as copy_rank

    from screened

),

judged as (

    select
        usage_date,
        email,
        feature,
        action_count,
        session_count,
        case
            when quarantine_reason is not null then 'quarantined'
            when extracted_at < newest_extracted_at or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when extracted_at < newest_extracted_at then 'newer_delivery_of_day'
            when copy_rank > 1 then 'repeated_in_delivery'
        end as status_reason,
        case when quarantine_reason is not null then delivered_text end as raw_text,
        cast(usage_date as string) || '|' || email || '|' || feature as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
