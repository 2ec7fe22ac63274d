-- dim_tools as BI may read it: nothing in it is about a person.

with

dim_tools as (

    select * from {{ ref('dim_tools') }}

),

published as (

    select
        tool_id,
        tool_name,
        vendor,
        licence_model,
        is_approved,
        usage_grain,
        last_delivered_date,
        restatement_lag_days,
        watermark_date,
        last_seat_date,
        is_coverage_inferred,
        is_seat_coverage_inferred

    from dim_tools

)

select * from published
