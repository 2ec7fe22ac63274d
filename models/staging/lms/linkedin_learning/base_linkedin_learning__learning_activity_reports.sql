-- One row per element of the LinkedIn Learning activity reports (learner and content), and one per
-- unreadable page. Windows overlap, so the same element comes again: the first delivered stays. Two
-- people who had one address, one after the other, have profiles of their own. An element with a
-- completion that has no time or no number that can be read is quarantined.

with

report_elements as (

    select * from {{ ref('stg_linkedin_learning__report_elements') }}

),

unclear_activities as (

    select * from {{ ref('stg_linkedin_learning__unclear_activities') }}

),

typed as (

    select
        raw_text,
        element_text,
        is_empty_page,
        {{ clean_alias(json_get('element_text', '$.learnerDetails.email')) }} as email,
        {{ clean_alias(json_get('element_text', '$.learnerDetails.uniqueUserId')) }}
            as unique_user_id,
        {{ clean_text(json_get('element_text', '$.learnerDetails.entity.profileUrn')) }}
            as profile_urn,
        {{ clean_text(json_get('element_text', '$.contentDetails.contentUrn')) }} as content_urn,
        {{ clean_text(json_get('element_text', '$.contentDetails.name')) }} as content_name,
        {{ clean_text(json_get('element_text', '$.contentDetails.contentProviderName')) }}
            as provider,
        activities_text,
        source_file,
        extracted_at

    from report_elements

),

-- many elements : zero or one list of activities (none: nothing is wrong with the element's list)
with_faults as (

    select
        typed.*,
        unclear_activities.activities_text is not null as has_unclear_completion

    from typed

    left join unclear_activities
        on typed.activities_text = unclear_activities.activities_text

),

with_alias as (

    select
        *,
        case
            when email like '%@%' or unique_user_id like '%@%' then 'work_email'
            when unique_user_id is not null then 'lms_user_id'
        end as alias_type,
        case
            when email like '%@%' then email
            else unique_user_id
        end as alias_value

    from with_faults

),

ranked as (

    select
        *,
        case
            when element_text is null and not is_empty_page then 'unreadable_page'
            when not is_empty_page and alias_value is null then 'missing_learner'
            when not is_empty_page and content_urn is null then 'missing_content'
            when not is_empty_page and not {{ is_json_array('activities_text') }}
                then 'unreadable_activities'
            when has_unclear_completion then 'unreadable_completion'
        end as quarantine_reason,
        row_number() over (
            partition by alias_value, profile_urn, content_urn, activities_text
            order by extracted_at, source_file, raw_text
        ) as copy_rank

    from with_alias

),

judged as (

    select
        element_text,
        alias_type,
        alias_value,
        content_urn,
        content_name,
        provider,
        activities_text,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_page or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then 'empty_page'
            when copy_rank > 1 then 'overlapping_window'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        coalesce(alias_value, '')
        || coalesce('/' || profile_urn, '')
        || '|' || coalesce(content_urn, '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
