-- One row per record of the Claude Code usage report, and one per page without records, judged. API
-- keys (api_actor) are no people: superseded, never joined. The newest complete delivery of an
-- organisation's day replaces the others wholly, also for people it no longer lists.

{%- set counts = ['accepted_count', 'commit_count', 'pull_request_count', 'session_count'] %}
{%- set kinds = ['customer_type', 'subscription_type', 'terminal_type'] %}

with

delivered_records as (

    select * from {{ ref('stg_claude_code__delivered_records') }}

),

screened as (

    select
        *,
        coalesce(actor_type, '') = 'api_actor' as is_api_actor,
        case
            when not is_readable and page_kind <> 'empty' then 'unreadable_page'
            when usage_date is null then 'unreadable_day'
            when page_kind = 'empty' then null
            when coalesce(actor_type, '') = 'api_actor' then null
            when coalesce(actor_type, '') <> 'user_actor' then 'unknown_actor_type'
            when email is null then 'missing_email'
            when has_tokens is null and coalesce({{ counts | join(', ') }}) is null
                then 'missing_metrics'
        end as quarantine_reason

    from delivered_records

),

-- The pages of one request: one day as asked for, on one date of delivery.
of_deliveries as (

    select
        *,
        min(case when has_next_page then 1 else 0 end) over (
            partition by requested_day, extracted_at
        ) = 0
        and max(case when quarantine_reason = 'unreadable_page' then 1 else 0 end) over (
            partition by requested_day, extracted_at
        ) = 0 as is_complete_delivery

    from screened

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by usage_date, organization_id
            order by case when is_complete_delivery then 0 else 1 end, extracted_at desc
        ) as delivery_rank,
        row_number() over (
            partition by usage_date, extracted_at, organization_id, email, {{ kinds | join(', ') }}
            order by
                case when quarantine_reason is null then 0 else 1 end,
                source_file desc,
                {{ counts | join(' desc nulls last,\n                ') }} desc nulls last
        ) as copy_rank

    from of_deliveries

),

judged as (

    select
        usage_date,
        actor_type,
        email,
        organization_id,
        {% for name in kinds + counts %}
        {{ name }},
        {% endfor %}
        has_tokens,
        is_complete_delivery,
        case
            when quarantine_reason is not null then 'quarantined'
            when is_api_actor or page_kind = 'empty' then 'superseded'
            when delivery_rank > 1 or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when page_kind = 'empty' then 'empty_page'
            when is_api_actor then 'not_a_person'
            when delivery_rank > 1 and not is_complete_delivery then 'incomplete_delivery_of_day'
            when delivery_rank > 1 then 'newer_delivery_of_day'
            when copy_rank > 1 then 'repeated_in_delivery'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        cast(usage_date as string) || '|' || email {% for name in ['organization_id'] + kinds %}
        || '|' || coalesce({{ name }}, '')
        {% endfor %}
            as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
