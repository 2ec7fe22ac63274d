-- One row per completion of a course and per other engagement that has a time.
--
-- Completed: COMPLETIONS of a COURSE with a value of 1 or more, once per learner and content, at
-- the first lastEngagedAt (epoch milliseconds, UTC) of any report: later ones only move it. All
-- else is progress, also a course completed as content of a path.

with

elements as (

    select * from {{ ref('base_linkedin_learning__learning_activity_reports') }}

    where row_status = 'kept'

),

activities as (

    select
        {{ json_array_elements('activities_text', '$') }} as activity_text,
        alias_type,
        alias_value,
        content_urn,
        source_record_id,
        source_file,
        extracted_at

    from elements

),

typed as (

    select
        {{ json_get('activity_text', '$.engagementType') }} as engagement_type,
        {{ json_get('activity_text', '$.assetType') }} as asset_type,
        {{ try_cast(json_get('activity_text', '$.engagementValue'), 'double') }}
            as engagement_value,
        {{ try_cast(json_get('activity_text', '$.lastEngagedAt'), 'bigint') }} as last_engaged_ms,
        alias_type,
        alias_value,
        content_urn,
        source_record_id,
        source_file,
        extracted_at

    from activities

),

named as (

    select
        *,
        case
            when
                engagement_type = 'COMPLETIONS'
                and asset_type = 'COURSE'
                and engagement_value >= 1
                and content_urn not like '%LearningPath%'
                then 'completed'
            else 'progressed'
        end as event_type

    from typed

    where last_engaged_ms is not null

),

numbered as (

    select
        *,
        case
            when event_type = 'completed' then source_record_id || '|completed'
            else
                source_record_id
                || '|progressed|' || coalesce(engagement_type, '')
                || '|' || coalesce(asset_type, '')
                || '|' || cast(last_engaged_ms as string)
        end as event_id

    from named

),

ranked as (

    select
        *,
        row_number() over (
            partition by event_id
            order by last_engaged_ms asc, extracted_at asc, source_file asc, engagement_value desc
        ) as copy_rank

    from numbered

),

events as (

    select
        event_id,
        alias_type,
        alias_value,
        'linkedin_learning:' || content_urn as course_id,
        cast(null as string) as attempt_id,
        event_type,
        {{ epoch_ms_to_timestamp('last_engaged_ms') }} as occurred_at,
        'instant' as time_precision,
        extracted_at as received_at,
        cast(null as double) as score_scaled,
        cast(null as boolean) as success,
        case
            when engagement_type = 'SECONDS_VIEWED' then engagement_value
        end as duration_seconds,
        cast(null as boolean) as is_required,
        false as is_voided,
        engagement_type as raw_status,
        'linkedin_learning' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from ranked

    where copy_rank = 1

)

select * from events
