-- One row per event of a kept activity, with the parameters that say what it was; their order is
-- free.
--
-- Intentional: a feature was used, and the vendor files it under an active category
-- (active_generate, active_conversations, active_summarize). Other categories are what Gemini did
-- by itself. Without a category the action decides: what is proactive or suggested is passive.

{%- set passive_actions = [
    'auto_proofread', 'detect_schedule_intent_compose', 'evaluate_natural_language_condition',
    'generate_apps_search_overlay_suggestions', 'generate_nudge_prompts',
    'generate_starter_active_view', 'generate_starter_tile_prompts',
] %}

with

event_settings as (

    select * from {{ ref('stg_gemini_workspace__event_settings') }}

),

events as (

    select
        event_id,
        event_name,
        email,
        usage_date,
        max(case when setting_name = 'app_name' then setting end) as app_name,
        max(case when setting_name = 'action' then setting end) as action_name,
        max(case when setting_name = 'event_category' then setting end) as event_category,
        min(source_record_id) as source_record_id,
        max(source_file) as source_file,
        max(extracted_at) as extracted_at

    from event_settings

    group by event_id, event_name, email, usage_date

),

judged as (

    select
        event_id,
        event_name,
        email,
        usage_date,
        app_name,
        action_name,
        event_category,
        case
            when coalesce(event_name, '') <> 'feature_utilization' then false
            when event_category is not null then event_category like 'active%'
            when action_name is null then false
            when action_name like '%proactive%' or action_name like 'suggest%' then false
            else action_name not in (
                {% for action in passive_actions %}
                '{{ action }}'{{ ',' if not loop.last }}
                {% endfor %}
            )
        end as is_intentional,
        source_record_id,
        source_file,
        extracted_at

    from events

)

select * from judged
