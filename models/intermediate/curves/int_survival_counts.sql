-- One row per program, tool, dimension, value, kind of time (first_use or lapse) and day: how many
-- units were observed to that day, and for how many it was the event.
--
-- A unit at risk on no day (time 0) is in no row. tool_id `all` sums units over tools.

with

unit_curves as (

    select * from {{ ref('int_unit_curves') }}

),

{% for kind in ['first_use', 'lapse'] %}
of_{{ kind }} as (

    select
        program_id,
        tool_id,
        completion_date,
        platform,
        role_group,
        track,
        audience,
        department,
        location,
        manager_group,
        {{ kind }}_time as day_number,
        case when is_{{ kind }} then 1 else 0 end as is_event

    from unit_curves

    where {{ kind }}_time > 0

),

{% endfor %}
counts as (

    {% for kind in ['first_use', 'lapse'] %}
    {% set last_kind = loop.last %}
    {% for dimension in curve_dimensions() %}
    {% set levels = ["'all'"] if dimension.across_tools else ['tool_id', "'all'"] %}
    {% set last_dimension = loop.last %}
    {% for level in levels %}
    select
        program_id,
        {{ level }} as tool_id,
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value,
        '{{ kind }}' as survival_kind,
        day_number,
        cast(count(*) as bigint) as n_units,
        cast(sum(is_event) as bigint) as n_events

    from of_{{ kind }}

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        {{ dimension.value ~ ',' if dimension.name != 'all' }}
        day_number

    {{ 'union all' if not (last_kind and last_dimension and loop.last) }}

    {% endfor %}
    {% endfor %}
    {% endfor %}
)

select * from counts
