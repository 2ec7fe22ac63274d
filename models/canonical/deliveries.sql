-- One row per feed, tool and delivery: what a source has delivered for which days.
--
-- received_until leaves out deliveries that had not arrived by then, also those that a file of an
-- earlier date announces. A file that failed its check is a failed delivery (is_unreported). So is
-- what was sent with it on one day, for its tools: pages of one request fail together, and so does
-- what a report says of that day, because it names no files. Coverage is judged downstream.

{% set columns = {
    'feed': 'string', 'tool_id': 'string', 'delivery_id': 'string', 'received_at': 'timestamp',
    'date_from': 'date', 'date_to': 'date', 'max_complete_date': 'date',
    'row_count': 'bigint',
    'population_scope': 'string',
    'is_concealed': 'boolean',
    'is_failed': 'boolean',
} %}

with

rows_of_all_vendors as (
    {{ canonical_union('deliveries', columns) }}
),

-- A failed file is there twice: for the reports of its day, and for the pages of its request. What
-- was read from one table alone is no part of another file.
with_failed_files as (
    {% set requested = "coalesce(cast(" ~ requested_day('source_file') ~ " as string), '')" %}
    {% set of_row -%}
        case
            when {{ regex_matches('source_file', '^[^/]*/[^/]*/deliveries/') }} then 'reported'
            when
                substr(delivery_id, 1, length(source_file)) = source_file
                and {{ regex_matches('lower(source_file)', '[.](csv|csv[.]gz|parquet)$') }}
                then source_file
            else {{ requested }}
        end
    {%- endset %}
    {% set failed_files = ref('stg_intake__failed_deliveries') %}
    {% for rows, is_unreported, sent_with in [
        ('rows_of_all_vendors', 'false', of_row),
        (failed_files, 'true', "'reported'"),
        (failed_files, 'true', requested),
    ] %}
    select
        {{ columns.keys() | join(',\n        ') }},
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        cast(coalesce(received_at, extracted_at) as date) as received_on,
        {{ is_unreported }} as is_unreported,
        {{ sent_with }} as sent_with

    from {{ rows }}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

-- Without a tool a delivery, or a failed file, speaks for all of its feed.
with_verdict as (

    select
        {{ columns.keys() | join(',\n        ') }},
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        is_unreported,
        sent_with,
        bool_or(is_unreported) over (
            partition by source_system, feed, received_on, sent_with
        ) as has_failed_file_of_feed,
        bool_or(is_unreported and tool_id is null) over (
            partition by source_system, feed, received_on, sent_with
        ) as has_failed_file_without_tool,
        bool_or(is_unreported) over (
            partition by source_system, feed, received_on, sent_with, tool_id
        ) as has_failed_file_of_tool

    from with_failed_files

),

received as (

    select
        {{ columns.keys() | reject('equalto', 'is_failed') | join(',\n        ') }},
        case
            when has_failed_file_without_tool or has_failed_file_of_tool then true
            when tool_id is null and has_failed_file_of_feed then true
            else is_failed
        end as is_failed,
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        is_unreported

    from with_verdict

    where
        (not is_unreported or sent_with = 'reported')
        and {% if var('received_until') %}coalesce(
            cast(received_at as date) <= cast('{{ var("received_until") }}' as date), true
        ){% else %}true{% endif %}

)

select * from received
