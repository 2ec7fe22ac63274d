-- One row per program, tool, N, dimension and value with completed units: every status and adoption
-- count. tool_id `all` sums units over tools: it counts units, not people.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

cells as (

    select * from {{ ref('int_checkpoint_cells') }}

),

counts as (

    {% for dimension in adoption_dimensions() %}
    {% set levels = ["'all'"] if dimension.across_tools else ['tool_id', "'all'"] %}
    {% set last_dimension = loop.last %}
    {% for level in levels %}
    select
        program_id,
        {{ level }} as tool_id,
        checkpoint_day,
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value,
        {{ count_checkpoints() if dimension.per_manager else sum_checkpoint_counts() }}

    from {{ 'unit_checkpoints' if dimension.per_manager else 'cells' }}

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        {{ dimension.value ~ ',' if dimension.name != 'all' }}
        checkpoint_day

    {{ 'union all' if not (last_dimension and loop.last) }}

    {% endfor %}
    {% endfor %}
)

select * from counts
