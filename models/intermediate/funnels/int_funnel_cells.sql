-- One row per program, tool and combination of every attribute of the assignment day but the
-- manager: the counts from which the groups are summed.

with

{% set attributes = [
    'program_id', 'tool_id', 'track', 'audience', 'role_group', 'department', 'location',
    'platform',
] %}
funnel_units as (

    select * from {{ ref('int_funnel_units') }}

),

cells as (

    select
        {{ attributes | join(',\n        ') }},
        {{ month_of('assigned_date') }} as assigned_date,
        {{ count_funnel() }}

    from funnel_units

    group by
        {{ attributes | join(',\n        ') }},
        {{ month_of('assigned_date') }}

)

select * from cells
