-- One row per user and reported period, the user's workspaces together.
--
-- A sent message, or the vendor's own flag, is use. `last_day_active` of the report is no day of
-- the period and is not read. The report counts no active days: 0 when it says nobody was active, 1
-- when it says only that somebody was, else unknown.

with

reported as (

    select
        *,
        coalesce(is_active, false) or coalesce(message_count, 0) > 0 as is_used

    from {{ ref('base_chatgpt_enterprise__weekly_user_report') }}

    where row_status = 'kept'

),

user_periods as (

    select
        email,
        period_start,
        period_end,
        min(case when is_used then first_active_date end) as first_active_date,
        max(case when is_used then last_active_date end) as last_active_date,
        bool_or(is_used) as is_used,
        sum(message_count) as message_count,
        min(source_record_id) as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from reported

    group by email, period_start, period_end

),

renamed as (

    select
        '{{ vendor_tool_id("chatgpt_enterprise") }}' as tool_id,
        'work_email' as alias_type,
        email as alias_value,
        period_start,
        period_end,
        first_active_date,
        last_active_date,
        cast(
            case
                when not is_used then 0
                when
                    coalesce(message_count, 0) = 0
                    and coalesce(first_active_date, last_active_date) is null
                    then 1
            end as bigint
        ) as active_days,
        cast(message_count as bigint) as interactions,
        'chatgpt_enterprise' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from user_periods

)

select * from renamed
