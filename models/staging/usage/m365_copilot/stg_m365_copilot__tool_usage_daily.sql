-- One row per UPN, surface and day that some refresh names as the last activity there. A refresh
-- proves activity on the day it names and nothing about the days before; what is not named is not a
-- row. The newest refresh that names a day carries the row. Prompt counts of the report are sums
-- over its period, so interactions of a day are unknown (NULL).

with

refreshes as (

    select * from {{ ref('stg_m365_copilot__report_rows') }}

    where row_status = 'kept'

),

named_days as (

    {% for date_column in ['any_app_on'] + m365_dates() %}
    select
        upn,
        '{{ date_column | replace("_on", "") }}' as surface,
        {{ date_column }} as usage_date,
        refreshed_on,
        source_record_id,
        extracted_at,
        source_file

    from refreshes

    where {{ date_column }} is not null

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
        '{{ vendor_tool_id("m365_copilot") }}' as tool_id,
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
