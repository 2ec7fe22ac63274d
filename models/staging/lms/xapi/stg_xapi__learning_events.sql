-- One row per kept statement, as a learning event of its course.
--
-- Verbs the contract has no word for are progress; so is any verb on a part of a course. What is
-- satisfied by a waiver alone is waived: not training.

with

{% set adl = 'http://adlnet.gov/expapi/verbs/' %}
{% set cmi5 = 'https://w3id.org/xapi/adl/verbs/' %}
statements as (

    select * from {{ ref('stg_xapi__course_statements') }}

),

events as (

    select
        statement_id as event_id,
        alias_type,
        alias_value,
        'xapi:' || source_course_id as course_id,
        attempt_id,
        case
            when not is_course_level then 'progressed'
            when verb_id = '{{ cmi5 }}satisfied' and is_only_waived then 'waived'
            when verb_id in ('{{ adl }}completed', '{{ adl }}passed', '{{ adl }}failed')
                then {{ regex_get('verb_id', '([a-z]+)$', 1) }}
            when verb_id in ('{{ cmi5 }}waived', '{{ cmi5 }}satisfied')
                then {{ regex_get('verb_id', '([a-z]+)$', 1) }}
            when verb_id in ('{{ adl }}launched', '{{ adl }}initialized', '{{ adl }}attempted')
                then 'started'
            when verb_id = '{{ adl }}registered' then 'enrolled'
            else 'progressed'
        end as event_type,
        occurred_at,
        'instant' as time_precision,
        stored_at as received_at,
        {{ try_cast(json_get('statement_text', '$.result.score.scaled'), 'double') }}
            as score_scaled,
        {{ try_cast(json_get('statement_text', '$.result.success'), 'boolean') }} as success,
        {{ iso_duration_seconds(json_get('statement_text', '$.result.duration')) }}
            as duration_seconds,
        cast(null as boolean) as is_required,
        is_voided,
        verb_id as raw_status,
        'xapi' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from statements

)

select * from events
