-- One row per feed, tool and delivery: what a source has delivered for which days.
--
-- A delivery that is announced to arrive after the newest file there is has not arrived: a build
-- that reads up to that file's date (received_until) leaves it out, too. A file that failed its
-- check is a failed delivery (is_unreported), and so is what its vendor reports to have sent that
-- day for its tools. Coverage is judged downstream.

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

with_failed_files as (
    {% for rows, is_unreported in [
        ('rows_of_all_vendors', 'false'),
        (ref('stg_intake__failed_deliveries'), 'true'),
    ] %}
    select
        {{ columns.keys() | join(',\n        ') }},
        source_system,
        source_record_id,
        extracted_at,
        source_file,
        cast(coalesce(received_at, extracted_at) as date) as received_on,
        {{ is_unreported }} as is_unreported

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
        bool_or(is_unreported) over (
            partition by source_system, feed, received_on
        ) as has_failed_file_of_feed,
        bool_or(is_unreported and tool_id is null) over (
            partition by source_system, feed, received_on
        ) as has_failed_file_without_tool,
        bool_or(is_unreported) over (
            partition by source_system, feed, received_on, tool_id
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
        with_verdict.feed,
        with_verdict.tool_id,
        with_verdict.delivery_id,
        with_verdict.received_at,
        with_verdict.date_from,
        with_verdict.date_to,
        with_verdict.max_complete_date,
        with_verdict.row_count,
        with_verdict.population_scope,
        with_verdict.is_concealed,
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
        with_verdict.received_at is null
        or newest_file.file_date is null
        or cast(with_verdict.received_at as date) <= newest_file.file_date

)

select * from received
