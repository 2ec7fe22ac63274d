-- One row per delivered row of the weekly user report, typed. Numbers come as 25.0 and flags as 1,
-- 1.0 or True, depending on who saved the file. A view: only its base model reads it.
{{ config(materialized='view') }}

with

source_rows as (

    select
        {{ clean_text('account_id') }} as workspace_id,
        {{ clean_alias('email') }} as user_email,
        {{ clean_text('period_start') }} as start_text,
        {{ clean_text('period_end') }} as end_text,
        {{ clean_text('is_active') }} as active_text,
        {{ clean_text('messages') }} as messages_text,
        {{ clean_text('first_day_active_in_period') }} as first_day_text,
        {{ clean_text('last_day_active_in_period') }} as last_day_text,
        source_file,
        extracted_at

    from {{ source('chatgpt_enterprise', 'weekly_user_report') }}

),

typed as (

    select
        workspace_id,
        user_email as email,
        {{ leading_date('start_text') }} as period_start,
        {{ leading_date('end_text') }} as period_end,
        coalesce(
            {{ try_cast('active_text', 'bigint') }} > 0, {{ try_cast('active_text', 'boolean') }}
        ) as is_active,
        {{ try_cast('messages_text', 'bigint') }} as message_count,
        {{ leading_date('first_day_text') }} as first_active_date,
        {{ leading_date('last_day_text') }} as last_active_date,
        active_text,
        messages_text,
        first_day_text,
        last_day_text,
        coalesce(user_email, '')
        {% for text in ['start', 'end', 'active', 'first_day', 'last_day', 'messages'] %}
        || '|' || coalesce({{ text }}_text, '')
        {% endfor %}
            as raw_text,
        source_file,
        extracted_at

    from source_rows

)

select * from typed
