-- One row per user, day and feature. Active means at least one action; 0 is reported as zero.

with

user_days as (

    select * from {{ ref('base_servicenow_now_assist__daily_usage') }}

    where row_status = 'kept'

),

renamed as (

    select
        '{{ vendor_tool_id("servicenow_now_assist") }}' as tool_id,
        'work_email' as alias_type,
        email as alias_value,
        usage_date,
        feature as surface,
        action_count as interactions,
        session_count as sessions,
        action_count > 0 as is_active,
        cast(null as boolean) as is_final,
        'servicenow_now_assist' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from user_days

)

select * from renamed
