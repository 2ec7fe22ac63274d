-- One row per tool approved in the place of any consumer tool and unbroken run of days on which its
-- use is known, both days inside: delivered, and not after its watermark.

with

approved_tools as (

    select
        tool_id,
        watermark_date

    from {{ ref('int_approved_tools') }}

    where consumer_tool = 'all'

),

delivered_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'usage'

),

-- one approved tool : its spans, at least one. Those after its watermark are excluded.
approved_spans as (

    select
        approved_tools.tool_id,
        delivered_spans.date_from,
        least(delivered_spans.date_to, approved_tools.watermark_date) as date_to

    from approved_tools

    inner join delivered_spans
        on approved_tools.tool_id = delivered_spans.tool_id

    where delivered_spans.date_from <= approved_tools.watermark_date

)

select * from approved_spans
