-- One row per program, tool, dimension and value with due assignments: how many, and how many were
-- completed within the window. tool_id `all` sums units over tools.

with

due_assignments as (

    select * from {{ ref('int_due_assignments') }}

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
        cast(count(*) as bigint) as n_assigned,
        cast(sum(case when is_completed_in_window then 1 else 0 end) as bigint)
            as n_assigned_completed

    from due_assignments

    group by
        program_id
        {{- ', tool_id' if level == 'tool_id' }}
        {{- ', ' ~ dimension.assigned_value if dimension.name != 'all' }}

    {{ 'union all' if not (last_dimension and loop.last) }}

    {% endfor %}
    {% endfor %}
)

select * from counts
