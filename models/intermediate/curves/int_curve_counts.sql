-- One row per program, tool, dimension, value with completed units, and week of the curve: who is
-- at risk, active and reverted. tool_id `all` sums units over tools.

with

cells as (

    select * from {{ ref('int_curve_cells') }}

),

manager_cells as (

    select * from {{ ref('int_curve_manager_cells') }}

),

counts as (

    {% for dimension in curve_dimensions() %}
    {% set levels = ["'all'"] if dimension.across_tools else ['tool_id', "'all'"] %}
    {% set last_dimension = loop.last %}
    {% for level in levels %}
    select
        program_id,
        {{ level }} as tool_id,
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value,
        week_number,
        {{ sum_curve_counts() }}

    from {{ 'manager_cells' if dimension.per_manager else 'cells' }}

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        {{ dimension.value ~ ',' if dimension.name != 'all' }}
        week_number

    {{ 'union all' if not (last_dimension and loop.last) }}

    {% endfor %}
    {% endfor %}
)

select * from counts
