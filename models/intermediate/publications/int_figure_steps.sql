-- One row per program, tool, N, dimension, value, kind of limit and limit date: what came in with
-- this limit, as it is known now, in the groups whose figures are kept.

with

unit_steps as (

    select
        *,
        month_start_date as completion_date

    from {{ ref('int_unit_steps') }}

),

steps as (

    {% for dimension in kept_dimensions() %}
    select
        program_id,
        tool_id,
        checkpoint_day,
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value,
        limit_kind,
        {% for name in counts_of_figures() %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        limit_date

    from unit_steps

    group by
        program_id,
        tool_id,
        checkpoint_day,
        {% if dimension.name not in ['all', 'tool'] %}
        {{ dimension.value }},
        {% endif %}
        limit_kind,
        limit_date

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from steps
