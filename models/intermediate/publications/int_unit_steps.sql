-- One row per program, tool, N, combination of attributes, kind of limit and limit date: what came
-- in with this limit, counted as it is known now.
--
-- A unit is closed with the first limit on or after its checkpoint, counts as completed with the
-- first on or after its index date and as assigned with the first on or after its due date. Units
-- after the last limit were in no publication.

{% set attributes = [
    'track', 'audience', 'role_group', 'department', 'location', 'platform', 'manager_group',
] if var('figures_of_managers') else [
    'track', 'audience', 'role_group', 'department', 'location', 'platform',
] %}
{% set keys = ['program_id', 'tool_id', 'checkpoint_day'] + attributes
    + ['month_start_date', 'limit_kind'] %}
{% set closed = dict(checkpoint_counts(), n_matured='true', n_completed='false') %}
{% set streams = [] %}
{% do streams.append({
    'units': 'unit_checkpoints', 'steps': 'closing_steps', 'limit_kind': 'closed',
    'on_date': 'checkpoint_date', 'month': 'completion_date', 'checkpoint_day': 'unit_checkpoints.checkpoint_day',
    'counts': closed,
}) %}
{% do streams.append({
    'units': 'unit_checkpoints', 'steps': 'completion_steps', 'limit_kind': 'known',
    'on_date': 'completion_date', 'month': 'completion_date', 'checkpoint_day': 'unit_checkpoints.checkpoint_day',
    'counts': {'n_completed': 'true'},
}) %}
{# An assignment counts at every N: it is joined once and repeated below. #}
{% do streams.append({
    'units': 'due_assignments', 'steps': 'assignment_steps', 'limit_kind': 'known',
    'on_date': 'due_date', 'month': 'assigned_date', 'checkpoint_day': 'cast(null as integer)',
    'counts': {'n_assigned': 'true', 'n_assigned_completed': 'is_completed_in_window'},
}) %}

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

due_assignments as (

    select * from {{ ref('int_due_assignments') }}

),

{% for name, limit_kind in [
    ('closing_steps', 'closed'), ('completion_steps', 'known'), ('assignment_steps', 'known')
] %}
{{ name }} as (

    select * from {{ ref('int_limit_steps') }}

    where limit_kind = '{{ limit_kind }}'

),

{% endfor %}
-- many units : zero or one step (none: after the last limit, in no publication).
stepped as (

    {% for stream in streams %}
    select
        {{ stream.units }}.program_id,
        {{ stream.units }}.tool_id,
        {{ stream.checkpoint_day }} as checkpoint_day,
        {% for attribute in attributes %}
        {{ stream.units }}.{{ attribute }},
        {% endfor %}
        {{ month_of(stream.units ~ '.' ~ stream.month) }} as month_start_date,
        '{{ stream.limit_kind }}' as limit_kind,
        {% for name in counts_of_figures() %}
        case when {{ stream.counts.get(name, 'false') }} then 1 else 0 end as {{ name }},
        {% endfor %}
        {{ stream.steps }}.limit_date

    from {{ stream.units }}

    inner join {{ stream.steps }}
        on {{ stream.units }}.tool_id = {{ stream.steps }}.tool_id
        and {{ stream.units }}.{{ stream.on_date }} > {{ stream.steps }}.step_after
        and {{ stream.units }}.{{ stream.on_date }} <= {{ stream.steps }}.limit_date

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

counted as (

    select
        {{ keys | join(',\n        ') }},
        {% for name in counts_of_figures() %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        limit_date

    from stepped

    group by
        {{ keys | join(',\n        ') }},
        limit_date

),

at_each_checkpoint as (

    select * from counted

    where checkpoint_day is not null

    {% for checkpoint_day in var('checkpoint_days') %}
    union all

    select
        {{ keys | join(',\n        ')
            | replace('checkpoint_day', checkpoint_day ~ ' as checkpoint_day') }},
        {{ counts_of_figures() | join(',\n        ') }},
        limit_date

    from counted

    where checkpoint_day is null

    {% endfor %}
),

-- Completions and assignments of one month come in with the same limit: one row counts both.
steps as (

    select
        {{ keys | join(',\n        ') }},
        {% for name in counts_of_figures() %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        limit_date

    from at_each_checkpoint

    group by
        {{ keys | join(',\n        ') }},
        limit_date

)

select * from steps
