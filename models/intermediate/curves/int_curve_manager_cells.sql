-- One row per program, tool, manager and week of the curve: the counts from which the per-manager
-- groups are summed. Empty where the var curve_managers is false.

with

unit_curves as (

    select * from {{ ref('int_unit_curves') }}

    where {{ 'true' if var('curve_managers') else 'false' }}

),

curve_weeks as (

    select * from {{ ref('int_curve_weeks') }}

),

counted as (

    select
        program_id,
        tool_id,
        manager_group,
        {{ count_curve_weeks() }}

    from unit_curves

    group by
        program_id,
        tool_id,
        manager_group

),

-- one cell : every week.
cells as (

    select
        counted.program_id,
        counted.tool_id,
        counted.manager_group,
        curve_weeks.week_number,
        {{ counts_of_curve_week('counted', 'curve_weeks.week_index') }}

    from counted

    cross join curve_weeks

)

select * from cells
