-- One row per entry of a learning history, judged, and one per page without any.
--
-- Only an entry with credit is a completion; one without ended its attempt as `failed`. Exempt and
-- waived are credit without training. Midnight (UTC) is a day. A program is a path. What a later
-- history no longer lists stays: it may have been asked for a shorter time.

with

history_entries as (

    select
        *,
        coalesce(has_credit_flag, has_credit_status) as is_credited

    from {{ ref('stg_successfactors_learning__history_entries') }}

),

records as (

    select
        'sap_user_id' as alias_type,
        user_id as alias_value,
        item_type || '/' || item_id as source_course_id,
        title as course_title,
        case when item_type = 'SYSTEM_PROGRAM_ENTITY' then 'path' else 'course' end as course_kind,
        cast(cast({{ epoch_ms_to_timestamp('revision_ms') }} as date) as string) as course_version,
        cast(null as string) as provider,
        total_hours * 60 as duration_minutes,
        cast(completion_ms as string)
        || case when entry_number > 1 then '.' || cast(entry_number as string) else '' end
            as attempt_id,
        cast(null as timestamp) as assigned_at,
        cast(null as timestamp) as enrolled_at,
        false as is_assignment_date_only,
        cast(null as timestamp) as started_at,
        {{ epoch_ms_to_timestamp('completion_ms') }} as ended_at,
        coalesce(completion_ms % 86400000 = 0, false) as is_end_date_only,
        case
            when not is_credited then 'failed'
            when lower(completion_status) like '%exempt%' then 'waived'
            when lower(completion_status) like '%waive%' then 'waived'
            when is_credited then 'completed'
        end as end_type,
        case when grade between 0 and 100 then grade / 100 end as score_scaled,
        is_credited as success,
        cast(null as double) as duration_seconds,
        cast(null as boolean) as is_required,
        completion_status as raw_status,
        case
            when is_empty_page then null
            when element_text is null then 'unreadable_page'
            when user_id is null then 'no_user_in_file_name'
            when credit_text is not null and has_credit_flag is null then 'bad_provide_credit'
            when is_credited is null then 'missing_credit'
            when is_credited != has_credit_status then 'contradicting_credit'
            when completion_text is not null and completion_ms is null then 'bad_completion_date'
        end as quarantine_reason,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from history_entries

),

checked as (
    {{ check_learning_records() }}
),

ranked as (
    {{ rank_learning_records() }}
),

judged as (
    {{ judge_learning_records() }}
)

select * from judged
