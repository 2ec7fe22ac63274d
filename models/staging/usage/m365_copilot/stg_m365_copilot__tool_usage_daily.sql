-- One row per UPN, surface and day that some refresh names as the last activity there. A refresh
-- proves activity on the day it names and nothing about the days before; what is not named is not a
-- row. The newest refresh that names a day carries the row. Prompt counts of the report are sums
-- over its period, so interactions of a day are unknown (NULL).

with

refreshes as (

    select * from {{ ref('base_m365_copilot__usage_user_detail') }}

    where row_status = 'kept'

),

named_days as (

    {% for surface in [
        'any_app', 'chat', 'teams', 'word', 'excel', 'powerpoint', 'outlook', 'onenote', 'loop',
        'chat_work', 'chat_web', 'm365_app', 'edge', 'agent',
    ] %}
    select
        upn,
        '{{ surface }}' as surface,
        {{ surface }}_on as usage_date,
        refreshed_on,
        source_record_id,
        extracted_at,
        source_file

    from refreshes

    where {{ surface }}_on is not null

    {% if not loop.last %}
    union all

    {% endif %}
    {% endfor %}

),

ranked as (

    select
        upn,
        surface,
        usage_date,
        row_number() over (
            partition by upn, surface, usage_date
            order by extracted_at desc, refreshed_on desc, source_file desc
        ) as recency,
        source_record_id,
        extracted_at,
        source_file

    from named_days

),

renamed as (

    select
        'copilot_m365' as tool_id,
        'upn' as alias_type,
        upn as alias_value,
        usage_date,
        surface,
        cast(null as bigint) as interactions,
        cast(null as bigint) as sessions,
        true as is_active,
        cast(null as boolean) as is_final,
        'm365_copilot' as source_system,
        source_record_id,
        extracted_at,
        source_file

    from ranked

    where recency = 1

)

select * from renamed
