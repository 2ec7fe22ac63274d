-- One row per event of a kept activity (an activity has several) and parameter of it, and one row
-- per event without a parameter name, so that an event without parameters is not lost. A view:
-- read once, by the events.
{{ config(materialized='view') }}

with

activities as (

    select * from {{ ref('base_gemini_workspace__activities') }}

    where row_status = 'kept'

),

exploded as (

    select
        {{ json_array_elements('events_text', '$') }} as event_text,
        email,
        usage_date,
        source_record_id,
        source_file,
        extracted_at

    from activities

),

events as (

    select
        event_text,
        source_record_id
        || '#'
        || cast(
            row_number() over (partition by source_record_id order by event_text) as string
        ) as event_id,
        {{ clean_alias(json_get('event_text', '$.name')) }} as event_name,
        email,
        usage_date,
        source_record_id,
        source_file,
        extracted_at

    from exploded

    where {{ is_json('event_text') }}

),

parameters as (

    select
        {{ json_array_elements('event_text', '$.parameters') }} as parameter_text,
        event_id,
        event_name,
        email,
        usage_date,
        source_record_id,
        source_file,
        extracted_at

    from events

    where coalesce({{ json_get('event_text', '$.parameters') }}, '') like '[%'

),

event_settings as (

    select
        event_id,
        event_name,
        {{ json_get('parameter_text', '$.name') }} as setting_name,
        {{ clean_alias(json_get('parameter_text', '$.value')) }} as setting,
        email,
        usage_date,
        source_record_id,
        source_file,
        extracted_at

    from parameters

    where {{ is_json('parameter_text') }}

    union all

    select
        event_id,
        event_name,
        cast(null as string) as setting_name,
        cast(null as string) as setting,
        email,
        usage_date,
        source_record_id,
        source_file,
        extracted_at

    from events

)

select * from event_settings
