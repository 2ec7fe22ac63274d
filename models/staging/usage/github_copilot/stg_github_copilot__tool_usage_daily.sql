-- One row per GitHub login, day and surface (the organisation, or the whole enterprise). Active
-- means an intentional action: a prompt, an accepted suggestion, a chat, an agent, CLI or requested
-- review run. Suggestions received (code_generation) and automatic reviews are no use.

with

user_days as (

    select * from {{ ref('base_github_copilot__users_1_day') }}

    where row_status = 'kept'

),

renamed as (

    select
        '{{ vendor_tool_id("github_copilot") }}' as tool_id,
        'github_login' as alias_type,
        github_login as alias_value,
        usage_date,
        coalesce('org:' || organization_id, 'enterprise') as surface,
        case
            when prompt_count is not null or acceptance_count is not null
                then coalesce(prompt_count, 0) + coalesce(acceptance_count, 0)
        end as interactions,
        cast(null as bigint) as sessions,
        case
            when coalesce(prompt_count, 0) + coalesce(acceptance_count, 0) > 0 then true
            when
                coalesce(used_chat, false)
                or coalesce(used_agent, false)
                or coalesce(used_cli, false)
                or coalesce(used_coding_agent, false)
                or coalesce(used_cloud_agent, false)
                or coalesce(used_code_review, false)
                then true
            when prompt_count is not null or acceptance_count is not null then false
        end as is_active,
        cast(null as boolean) as is_final,
        'github_copilot' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from user_days

)

select * from renamed
