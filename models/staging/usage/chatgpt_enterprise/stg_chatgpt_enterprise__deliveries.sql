-- One row per delivered file, workspace and period. A seven-day period covers its days for
-- everybody: a person without a row did not use the tool. A period of another length (a monthly
-- report) is `part`: it names active days, but its week of a checkpoint is not in it.
--
-- A file that came in the middle of its own week speaks for the days before. (A file dated by the
-- first day of its week is one that bears the vendor's name: nothing could be in it on that day.)

with

delivered_rows as (

    select
        source_file,
        workspace_id,
        period_start,
        period_end,
        extracted_at,
        cast(extracted_at as date) as extracted_on,
        count(*) as row_count,
        sum(case when status_reason = 'missing_email' then 1 else 0 end) as nameless_row_count

    from {{ ref('base_chatgpt_enterprise__weekly_user_report') }}

    where coalesce(status_reason, '') <> 'unreadable_period'

    group by source_file, workspace_id, period_start, period_end, extracted_at

),

identified as (

    select
        *,
        source_file
        || '#'
        || coalesce(workspace_id, '')
        || '#'
        || cast(period_start as string)
        || '#'
        || cast(period_end as string)
            as delivery_id

    from delivered_rows

),

renamed as (

    select
        'chatgpt_enterprise' as source_system,
        'tool_usage_period' as feed,
        '{{ vendor_tool_id("chatgpt_enterprise") }}' as tool_id,
        delivery_id,
        extracted_at as received_at,
        period_start as date_from,
        period_end as date_to,
        case
            when extracted_on > period_start and extracted_on <= period_end
                then {{ add_days('extracted_on', -1) }}
            else period_end
        end as max_complete_date,
        cast(row_count as bigint) as row_count,
        case
            when {{ days_between('period_end', 'period_start') }} = 6 then 'all'
            else 'part'
        end as population_scope,
        nameless_row_count * 2 >= row_count as is_concealed,
        false as is_failed,
        delivery_id as source_record_id,
        extracted_at,
        source_file

    from identified

)

select * from renamed
