-- One row per user in the daily analytics of Claude Enterprise, and one per page without users,
-- judged. All pages of a day that came on one date are one delivery; the newest complete delivery
-- of a day replaces the others wholly, also for users it no longer lists.
--
-- A user with messages was last active on the day that was asked for. Another day means that the
-- file bears the date of the download: nobody can say what day its rows are of.

{%- set failures = "'unreadable_page', 'active_on_another_day'" %}
{%- set messages = [] %}
{%- set sessions = [] %}
{%- for surface in claude_surfaces() %}
{%- do messages.append(surface ~ '_messages') %}
{%- do sessions.append(surface ~ '_sessions') %}
{%- endfor %}

with

delivered_users as (

    select * from {{ ref('stg_claude_enterprise__delivered_users') }}

),

screened as (

    select
        *,
        case
            when usage_date is null then 'no_day_in_file_name'
            when page_kind = 'empty' then null
            when not is_readable then 'unreadable_page'
            when email is null then 'missing_email'
            when has_unreadable_count then 'unreadable_message_count'
            when coalesce({{ messages | join(', ') }}) is null then 'missing_message_counts'
            when last_activity_date <> usage_date and greatest({{ messages | join(', ') }}) > 0
                then 'active_on_another_day'
        end as quarantine_reason

    from delivered_users

),

of_deliveries as (

    select
        *,
        min(case when has_next_page then 1 else 0 end) over (
            partition by usage_date, extracted_at
        ) = 0
        and min(
            case when quarantine_reason in ({{ failures }}) then 0 else 1 end
        ) over (partition by usage_date, extracted_at) = 1 as is_complete_delivery

    from screened

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by usage_date
            order by case when is_complete_delivery then 0 else 1 end, extracted_at desc
        ) as delivery_rank,
        row_number() over (
            partition by usage_date, extracted_at, coalesce(claude_user_id, email)
            order by
                case when quarantine_reason is null then 0 else 1 end,
                source_file desc,
                {{ messages | join(' desc nulls last,\n                ') }} desc nulls last
        ) as copy_rank

    from of_deliveries

),

judged as (

    select
        usage_date,
        claude_user_id,
        email,
        last_activity_date,
        {% for column in messages + sessions %}
        {{ column }},
        {% endfor %}
        has_next_page,
        case
            when quarantine_reason is not null then 'quarantined'
            when page_kind = 'empty' or delivery_rank > 1 or copy_rank > 1 then 'superseded'
            else 'kept'
        end as row_status,
        case
            when quarantine_reason is not null then quarantine_reason
            when page_kind = 'empty' then 'empty_page'
            when delivery_rank > 1 and not is_complete_delivery then 'incomplete_delivery_of_day'
            when delivery_rank > 1 then 'newer_delivery_of_day'
            when copy_rank > 1 then 'repeated_in_delivery'
        end as status_reason,
        case when quarantine_reason is not null then raw_text end as raw_text,
        cast(usage_date as string) || '|' || coalesce(claude_user_id, email) as source_record_id,
        source_file,
        extracted_at

    from ranked

)

select * from judged
