-- One row per panel and period (month) in it.

with

panels as (

    select * from {{ ref('int_effect_panels') }}

),

months as (

    select * from {{ ref('int_effect_months') }}

),

-- one panel : the months of its tool.
periods as (

    select
        panels.panel_id,
        months.period

    from panels

    inner join months
        on panels.tool_id = months.tool_id

)

select * from periods
