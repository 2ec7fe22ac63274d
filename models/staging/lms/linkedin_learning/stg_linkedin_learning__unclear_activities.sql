-- One row per list of activities (as JSON text) one of whose completions has no time or no number
-- that can be read. A completion of 0 has no time, and is none.

with

report_elements as (

    select * from {{ ref('stg_linkedin_learning__report_elements') }}

),

lists as (

    select distinct activities_text

    from report_elements

    where {{ is_json_array('activities_text') }}

),

activities as (

    select
        activities_text,
        {{ json_array_elements('activities_text', '$') }} as activity_text

    from lists

),

completions as (

    select
        activities_text,
        {{ try_cast(json_get('activity_text', '$.engagementValue'), 'double') }}
            as engagement_value,
        {{ try_cast(json_get('activity_text', '$.lastEngagedAt'), 'bigint') }} as last_engaged_ms

    from activities

    where {{ json_get('activity_text', '$.engagementType') }} = 'COMPLETIONS'

),

unclear_activities as (

    select distinct activities_text

    from completions

    where
        engagement_value is null
        or (engagement_value > 0 and last_engaged_ms is null)

)

select * from unclear_activities
