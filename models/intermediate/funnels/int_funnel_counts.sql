-- One row per program, tool, dimension and value with due assignments: how many units passed each
-- stage. tool_id `all` sums units over tools.

with

funnel_units as (

    select * from {{ ref('int_funnel_units') }}

),

cells as (

    select * from {{ ref('int_funnel_cells') }}

),

counts as (

    {% for dimension in adoption_dimensions() %}
    {% set levels = ["'all'"] if dimension.across_tools else ['tool_id', "'all'"] %}
    {% set last_dimension = loop.last %}
    {% for level in levels %}
    select
        program_id,
        {{ level }} as tool_id,
        '{{ dimension.name }}' as dimension,
        {{ dimension.assigned_value }} as dimension_value,
        {{ count_funnel() if dimension.per_manager else sum_funnel_counts() }}

    from {{ 'funnel_units' if dimension.per_manager else 'cells' }}

    group by
        program_id
        {{- ', tool_id' if level == 'tool_id' }}
        {{- ', ' ~ dimension.assigned_value if dimension.name != 'all' }}

    {{ 'union all' if not (last_dimension and loop.last) }}

    {% endfor %}
    {% endfor %}
)

select * from counts
