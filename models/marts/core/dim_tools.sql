-- One row per AI tool whose adoption is measured, with how far its feeds reach.

with

tools as (

    select * from {{ ref('stg_reference__tools') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

-- one tool : one coverage summary.
described as (

    select
        tools.tool_id,
        tools.tool_name,
        tools.vendor,
        tools.licence_model,
        tools.is_approved,
        tool_coverage.usage_grain,
        tool_coverage.last_delivered_date,
        tool_coverage.restatement_lag_days,
        tool_coverage.watermark_date,
        tool_coverage.last_seat_date,
        tool_coverage.is_coverage_inferred,
        tool_coverage.is_seat_coverage_inferred

    from tools

    inner join tool_coverage
        on tools.tool_id = tool_coverage.tool_id

)

select * from described
