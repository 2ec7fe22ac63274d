-- One row per delivered row of the weekly user report: one user of one workspace in one period. The
-- columns of the row decide the period, not the file's name (the vendor names a file after its
-- first day). A period that is exported again replaces the older export wholly, so a user it no
-- longer lists is withdrawn; an export nobody can be named in replaces nothing.

with

report_rows as (

    select * from {{ ref('stg_chatgpt_enterprise__report_rows') }}

),

screened as (

    select
        *,
        case
            when period_start is null or period_end is null or period_start > period_end
                then 'unreadable_period'
            when email is null then 'missing_email'
            when active_text is not null and is_active is null then 'unreadable_is_active'
            when messages_text is not null and coalesce(message_count, -1) < 0
                then 'unreadable_messages'
            when first_day_text is not null and first_active_date is null
                then 'unreadable_active_date'
            when last_day_text is not null and last_active_date is null
                then 'unreadable_active_date'
            when
                first_active_date not between period_start and period_end
                or last_active_date not between period_start and period_end
                or first_active_date > last_active_date
                then 'active_date_outside_period'
            when coalesce(active_text, messages_text, first_day_text, last_day_text) is null
                then 'missing_activity'
        end as quarantine_reason

    from report_rows

),

ranked as (

    select
        *,
        max(case when quarantine_reason is null then extracted_at end) over (
            partition by workspace_id, period_start, period_end
        ) as newest_extracted_at,
        row_number() over (
            partition by workspace_id, period_start, period_end, email, extracted_at
            order by
                case when quarantine_reason is null then 0 else 1 end asc,
                source_file desc,
                message_count desc nulls last,
                raw_text asc
        ) as copy_rank

    from screened

),

judged as (

    select
        workspace_id,
        email,
        period_start,
        period_end,
        is_active,
        message_count,
        first_active_date,
        last_active_date,
        case
            when quarantine_reason is not null then 'quarantined'
            when extracted_at < newest_extracted_at or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when extracted_at < newest_extracted_at then 'newer_export_of_period'
            when copy_rank > 1 then 'repeated_in_export'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        cast(period_start as string)
        || '|'
        || coalesce(workspace_id, '')
        || '|'
        || email
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
