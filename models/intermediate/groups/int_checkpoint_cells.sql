-- One row per program, tool, N and combination of every attribute but the manager: the counts from
-- which the groups are summed.
--
-- Millions of unit checkpoints share few combinations, so they are read once here instead of once
-- per group.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

cells as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        track,
        audience,
        role_group,
        department,
        location,
        platform,
        {{ month_of('completion_date') }} as completion_date,
        {{ count_checkpoints() }}

    from unit_checkpoints

    group by
        program_id,
        tool_id,
        checkpoint_day,
        track,
        audience,
        role_group,
        department,
        location,
        platform,
        {{ month_of('completion_date') }}

)

select * from cells
