-- One row per user, day and app. Interactions are intentional events; a day of passive events alone
-- is not active.

with

events as (

    select * from {{ ref('stg_gemini_workspace__events') }}

),

app_days as (

    select
        email,
        usage_date,
        coalesce(app_name, 'unspecified') as surface,
        sum(case when is_intentional then 1 else 0 end) as intentional_count,
        min(source_record_id) as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from events

    group by email, usage_date, coalesce(app_name, 'unspecified')

),

renamed as (

    select
        '{{ vendor_tool_id("gemini_workspace") }}' as tool_id,
        'work_email' as alias_type,
        email as alias_value,
        usage_date,
        surface,
        cast(intentional_count as bigint) as interactions,
        cast(null as bigint) as sessions,
        intentional_count > 0 as is_active,
        cast(null as boolean) as is_final,
        'gemini_workspace' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from app_days

)

select * from renamed
