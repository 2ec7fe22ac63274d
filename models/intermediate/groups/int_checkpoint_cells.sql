-- One row per program, tool, N and combination of every attribute but the manager: the counts from
-- which the groups are summed.
--
-- Millions of unit checkpoints share few combinations, so they are read once here instead of once
-- per group.

with

{% set attributes = [
    'program_id', 'tool_id', 'checkpoint_day', 'track', 'audience', 'role_group', 'department',
    'location', 'platform',
] %}
unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

cells as (

    select
        {{ attributes | join(',\n        ') }},
        {{ month_of('completion_date') }} as completion_date,
        {{ count_checkpoints() }}

    from unit_checkpoints

    group by
        {{ attributes | join(',\n        ') }},
        {{ month_of('completion_date') }}

)

select * from cells
