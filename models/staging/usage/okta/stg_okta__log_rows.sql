-- One row per event (or page without any) of either feed, typed. An event without an id is known by
-- its text. Times without a zone are UTC. Some collectors write the keys of the top level in lower
-- case. The application is the first one among the event's targets.

with

elements as (

    select * from {{ ref('stg_okta__log_elements') }}

),

log_rows as (

    select
        feed,
        is_empty_page,
        event_text,
        raw_text,
        source_file,
        extracted_at,
        coalesce(
            {{ clean_text(json_get('event_text', '$.uuid')) }},
            'row:' || substr({{ sha256_text('event_text') }}, 1, 16)
        ) as event_id,
        {{ parse_timestamp(json_get('event_text', '$.published')) }} as published_at,
        {{ clean_alias(
            'coalesce(' ~ json_get('event_text', '$.eventType') ~ ', '
            ~ json_get('event_text', '$.eventtype') ~ ')'
        ) }} as event_type,
        upper({{ clean_text(json_get('event_text', '$.outcome.result')) }}) as outcome,
        {{ clean_alias(json_get('event_text', '$.actor.type')) }} as actor_type,
        nullif({{ clean_alias(json_get('event_text', '$.actor.id')) }}, 'unknown') as account_id,
        nullif({{ clean_alias(json_get('event_text', '$.actor.alternateId')) }}, 'unknown')
            as login_name,
        coalesce(
            {% for position in range(6) %}
            case
                when
                    {{ json_get('event_text', '$.target[' ~ position ~ '].type') }} = 'AppInstance'
                    then {{ clean_text(
                        json_get('event_text', '$.target[' ~ position ~ '].displayName')
                    ) }}
            end,
            {% endfor %}
            'unspecified'
        ) as app_name

    from elements

)

select * from log_rows
