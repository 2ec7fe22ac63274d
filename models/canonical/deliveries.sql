-- One row per feed, tool and delivery: what a source has delivered for which days.
--
-- A delivery that is announced to arrive after the newest file there is has not arrived: a build
-- that reads up to that file's date (received_until) leaves it out, too. A file that failed its
-- check is a failed delivery (is_unreported). So is what was sent with it on one day, for its
-- tools: pages of one request fail together, and so does what a report says of that day, because
-- it names no files. Coverage is judged downstream.

{% set columns = {
    'feed': 'string',
    'tool_id': 'string',
    'delivery_id': 'string',
    'received_at': 'timestamp',
    'date_from': 'date',
    'date_to': 'date',
    'max_complete_date': 'date',
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

newest_file as (

    select max(file_date) as file_date

    from {{ ref('stg_intake__delivery_checks') }}

),

-- many deliveries : the one date.
received as (

    select
        {% for name in columns if name != 'is_failed' %}
        with_verdict.{{ name }},
        {% endfor %}
        case
            when with_verdict.has_failed_file_without_tool then true
            when with_verdict.has_failed_file_of_tool then true
            when with_verdict.tool_id is null and with_verdict.has_failed_file_of_feed then true
            else with_verdict.is_failed
        end as is_failed,
        with_verdict.source_system,
        with_verdict.source_record_id,
        with_verdict.extracted_at,
        with_verdict.source_file,
        with_verdict.is_unreported

    from with_verdict

    cross join newest_file

    where
        (not with_verdict.is_unreported or with_verdict.sent_with = 'reported')
        and (
            with_verdict.received_at is null
            or newest_file.file_date is null
            or cast(with_verdict.received_at as date) <= newest_file.file_date
        )

)

select * from received
