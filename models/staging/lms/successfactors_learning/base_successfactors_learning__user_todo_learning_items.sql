-- One row per item on a user's learning plan, judged, and one per page without any.
--
-- The plan's owner is in the row. What the user added (addUser P, or the user's own id) is enrolled
-- and not assigned. An item leaves the plan when it is done or taken off: absence withdraws
-- nothing. An item assigned again has another assignedDate: an attempt of its own.

with

pages as (

    select * from {{ source('successfactors_learning', 'user_todo_learning_items') }}

),

{{ page_elements('$.value') }},

typed as (

    select
        element_text,
        {{ clean_alias(json_get('element_text', '$.userID')) }} as user_id,
        {{ clean_alias(json_get('element_text', '$.addUser')) }} as added_by,
        {{ clean_text(json_get('element_text', '$.componentTypeID')) }} as item_type,
        {{ clean_text(json_get('element_text', '$.componentID')) }} as item_id,
        {{ clean_text(json_get('element_text', '$.title')) }} as title,
        {{ try_cast(json_get('element_text', '$.revisionDate'), 'bigint') }} as revision_ms,
        {{ clean_text(json_get('element_text', '$.assignedDate')) }} as assigned_text,
        {{ try_cast(json_get('element_text', '$.assignedDate'), 'bigint') }} as assigned_ms,
        {{ try_cast(json_get('element_text', '$.isRequired'), 'boolean') }} as is_required,
        {{ clean_text(json_get('element_text', '$.status')) }} as status,
        raw_text,
        is_empty_page,
        source_file,
        extracted_at

    from page_elements

),

added as (

    select
        *,
        coalesce(added_by = 'p' or added_by = user_id, false) as is_self_assigned,
        {{ epoch_ms_to_timestamp('assigned_ms') }} as added_at

    from typed

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
        cast(null as double) as duration_minutes,
        cast(assigned_ms as string) as attempt_id,
        case when not is_self_assigned then added_at end as assigned_at,
        case when is_self_assigned then added_at end as enrolled_at,
        coalesce(assigned_ms % 86400000 = 0, false) as is_assignment_date_only,
        cast(null as timestamp) as started_at,
        cast(null as timestamp) as ended_at,
        false as is_end_date_only,
        cast(null as string) as end_type,
        cast(null as double) as score_scaled,
        cast(null as boolean) as success,
        cast(null as double) as duration_seconds,
        is_required,
        status as raw_status,
        case
            when is_empty_page then null
            when element_text is null then 'unreadable_page'
            when assigned_text is not null and assigned_ms is null then 'bad_assigned_date'
        end as quarantine_reason,
        is_empty_page,
        raw_text,
        source_file,
        extracted_at

    from added

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
