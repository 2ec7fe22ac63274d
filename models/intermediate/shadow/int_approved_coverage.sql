-- One row per whole month and consumer tool (or `all`) with approved tools whose use is delivered:
-- on how many days of the month.
--
-- Of several tools the least counts. Days after a tool's watermark may still change, and are not
-- covered.

with

approved_tools as (

    select * from {{ ref('int_approved_tools') }}

),

months as (

    select * from {{ ref('int_shadow_months') }}

    where is_whole_month

),

approved_spans as (

    select * from {{ ref('int_approved_spans') }}

),

-- each approved tool × each month; one of these : its spans, which never overlap (none: no day).
per_tool as (

    select
        approved_tools.consumer_tool,
        approved_tools.tool_id,
        months.month_start,
        sum(case
            when
                approved_spans.date_from <= months.month_end
                and approved_spans.date_to >= months.month_start
                then 1 + {{ days_between(
                    'least(approved_spans.date_to, months.month_end)',
                    'greatest(approved_spans.date_from, months.month_start)'
                ) }}
            else 0
        end) as n_days

    from approved_tools

    cross join months

    left join approved_spans
        on approved_tools.tool_id = approved_spans.tool_id

    group by
        approved_tools.consumer_tool,
        approved_tools.tool_id,
        months.month_start

),

approved_coverage as (

    select
        consumer_tool,
        month_start,
        cast(min(n_days) as integer) as n_approved_days

    from per_tool

    group by
        consumer_tool,
        month_start

)

select * from approved_coverage
