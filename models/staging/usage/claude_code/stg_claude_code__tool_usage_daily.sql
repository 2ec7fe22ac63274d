-- One row per person, day and surface (customer type and terminal). Use is an accepted edit, a
-- commit or pull request, or tokens: a model was asked. A session without tokens was only opened;
-- where tokens are not reported at all, a session counts as a run. Interactions are accepted edits,
-- because prompts are not counted by the vendor.

with

records as (

    select
        *,
        coalesce(customer_type, 'unspecified')
        || ':'
        || coalesce(terminal_type, 'unspecified')
            as surface,
        coalesce(accepted_count, 0) > 0
        or coalesce(commit_count, 0) > 0
        or coalesce(pull_request_count, 0) > 0
        or coalesce(has_tokens, coalesce(session_count, 0) > 0)
            as is_used

    from {{ ref('base_claude_code__usage_report') }}

    where row_status = 'kept'

),

person_days as (

    select
        email,
        usage_date,
        surface,
        sum(accepted_count) as accepted_count,
        sum(session_count) as session_count,
        bool_or(is_used) as is_used,
        min(source_record_id) as source_record_id,
        max(extracted_at) as extracted_at,
        max(source_file) as source_file

    from records

    group by email, usage_date, surface

),

renamed as (

    select
        '{{ vendor_tool_id("claude_code") }}' as tool_id,
        'work_email' as alias_type,
        email as alias_value,
        usage_date,
        surface,
        cast(accepted_count as bigint) as interactions,
        cast(session_count as bigint) as sessions,
        is_used as is_active,
        cast(null as boolean) as is_final,
        'claude_code' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from person_days

)

select * from renamed
