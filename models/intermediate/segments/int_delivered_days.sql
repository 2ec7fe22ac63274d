-- One row per tool and day from the start of its first delivered week to the last day that can be
-- judged: its watermark or the last judged day, whichever is earlier.
--
-- Weeks are ISO weeks; those of a weekly tool end on the weekday its seven-day rows end on. Without
-- such a row a weekly tool has no weeks, hence no days here.

with

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

delivered_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'usage'

),

report_settings as (

    select * from {{ ref('int_report_settings') }}

),

first_days as (

    select
        tool_id,
        min(date_from) as first_day

    from delivered_spans

    group by tool_id

),

-- one tool : zero or one first day; a tool nothing was delivered of has no days. many : one row.
bounds as (

    select
        tool_coverage.tool_id,
        coalesce(tool_coverage.week_end_weekday, 7) as week_end_weekday,
        {{ week_start_of('first_days.first_day', 'coalesce(tool_coverage.week_end_weekday, 7)') }}
            as first_week_start,
        least(tool_coverage.watermark_date, report_settings.as_of_date) as last_day

    from tool_coverage

    inner join first_days
        on tool_coverage.tool_id = first_days.tool_id

    cross join report_settings

    where
        tool_coverage.usage_grain = 'daily'
        or tool_coverage.week_end_weekday is not null

),

days as (

    select
        tool_id,
        week_end_weekday,
        {{ date_series('first_week_start', 'last_day') }} as usage_date

    from bounds

    where first_week_start <= last_day

),

-- many days : zero or one span, because spans never overlap.
delivered_days as (

    select
        days.tool_id,
        days.usage_date,
        {{ week_start_of('days.usage_date', 'days.week_end_weekday') }} as week_start_date,
        delivered_spans.tool_id is not null as is_covered

    from days

    left join delivered_spans
        on days.tool_id = delivered_spans.tool_id
        and days.usage_date >= delivered_spans.date_from
        and days.usage_date <= delivered_spans.date_to

)

select * from delivered_days
