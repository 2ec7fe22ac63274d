-- One row per delivered statement of both feeds, read and judged: kept, quarantined or superseded.
--
-- Verbs are matched by IRI, never by display. A voiding statement is superseded and marks its
-- target; statements with one id (a UUID, in whatever case) are one statement, the first readable
-- one delivered stays.

with

statement_texts as (

    select * from {{ ref('stg_xapi__statement_texts') }}

),

typed as (

    select
        feed,
        raw_text,
        statement_text,
        is_empty_page,
        {{ clean_alias(json_get('statement_text', '$.id')) }} as statement_id,
        {{ json_get('statement_text', '$.verb.id') }} as verb_id,
        coalesce({{ json_get('statement_text', '$.object.objectType') }}, 'Activity')
            as object_type,
        {{ clean_text(json_get('statement_text', '$.object.id')) }} as object_id,
        {{ json_get('statement_text', '$.object.definition.type') }} as activity_type,
        {{ json_get('statement_text', '$.actor.objectType') }} as actor_type,
        {{ clean_alias(json_get('statement_text', '$.actor.mbox')) }} as actor_mbox,
        {{ clean_alias(json_get('statement_text', '$.actor.mbox_sha1sum')) }} as actor_sha1,
        {{ clean_alias(json_get('statement_text', '$.actor.openid')) }} as actor_openid,
        {{ clean_alias(json_get('statement_text', '$.actor.account.homePage')) }}
            as account_home_page,
        {{ clean_alias(json_get('statement_text', '$.actor.account.name')) }} as account_name,
        coalesce(
            {{ parse_timestamp(json_get('statement_text', '$.timestamp')) }},
            {{ parse_timestamp(json_get('statement_text', '$.stored')) }}
        ) as occurred_at,
        {{ parse_timestamp(json_get('statement_text', '$.stored')) }} as stored_at,
        source_file,
        extracted_at

    from statement_texts

),

with_target as (

    select
        *,
        verb_id = 'http://adlnet.gov/expapi/verbs/voided' as is_voiding,
        case
            when verb_id = 'http://adlnet.gov/expapi/verbs/voided' then lower(object_id)
            else statement_id
        end as target_id,
        case
            when is_empty_page then null
            when statement_text is null then 'unreadable_json'
            when statement_id is null then 'missing_id'
            when verb_id is null then 'missing_verb'
            when actor_type = 'Group' then 'group_actor'
            when
                actor_mbox is null and actor_sha1 is null and actor_openid is null
                and (account_home_page is null or account_name is null)
                then 'missing_actor'
            when occurred_at is null then 'missing_timestamp'
            when
                object_type <> 'Activity' and verb_id <> 'http://adlnet.gov/expapi/verbs/voided'
                then 'object_is_no_activity'
            when object_id is null then 'missing_object'
        end as quarantine_reason

    from typed

),

ranked as (

    select
        *,
        max(case when is_voiding then 1 else 0 end) over (partition by target_id) as n_voiding,
        row_number() over (
            partition by statement_id, quarantine_reason
            order by extracted_at, source_file, feed, raw_text
        ) as copy_rank

    from with_target

),

judged as (

    select
        feed,
        statement_text,
        statement_id,
        verb_id,
        object_id,
        activity_type,
        case
            when actor_mbox is not null then 'work_email'
            when actor_sha1 is not null then 'mbox_sha1sum'
            when actor_openid is not null then 'openid'
            else 'xapi_account'
        end as alias_type,
        case
            when actor_mbox is not null then replace(actor_mbox, 'mailto:', '')
            when actor_sha1 is not null then actor_sha1
            when actor_openid is not null then actor_openid
            else account_home_page || '|' || account_name
        end as alias_value,
        occurred_at,
        stored_at,
        n_voiding = 1 as is_voided,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_empty_page or copy_rank > 1 or is_voiding then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when is_empty_page then 'empty_page'
            when copy_rank > 1 then 'same_statement'
            when is_voiding then 'voiding_statement'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        coalesce(statement_id, '') as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
