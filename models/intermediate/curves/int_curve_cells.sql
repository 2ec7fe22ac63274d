-- One row per program, tool, combination of every attribute but the manager, and week of the curve:
-- the counts from which the groups are summed.
--
-- Units are counted once for all weeks, then each cell gets its row per week: a row per unit and
-- week would be a hundred million at 1.6 million people.

with

{% set attributes = [
    'program_id', 'tool_id', 'track', 'audience', 'role_group', 'department', 'location',
    'platform',
] %}
unit_curves as (

    select * from {{ ref('int_unit_curves') }}

),

curve_weeks as (

    select * from {{ ref('int_curve_weeks') }}

),

counted as (

    select
        {{ attributes | join(',\n        ') }},
        {{ month_of('completion_date') }} as completion_date,
        {{ count_curve_weeks() }}

    from unit_curves

    group by
        {{ attributes | join(',\n        ') }},
        {{ month_of('completion_date') }}

),

-- one cell : every week.
cells as (

    select
        {% for attribute in attributes %}
        counted.{{ attribute }},
        {% endfor %}
        counted.completion_date,
        curve_weeks.week_number,
        {{ counts_of_curve_week('counted', 'curve_weeks.week_index') }}

    from counted

    cross join curve_weeks

)

select * from cells
