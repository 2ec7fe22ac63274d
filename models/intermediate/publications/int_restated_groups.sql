-- One row per compared publication and published group: what was published and what is known now
-- about the same days, with the same for the whole that the group is part of, and why they differ.
--
-- The whole (dimension `all`) tells units that moved between groups from units that are new or gone.

{% set keys = ['publication_id', 'program_id', 'tool_id', 'checkpoint_day'] %}
{% set whole_counts = ['n_assigned', 'n_assigned_completed', 'n_completed', 'n_matured'] %}
{% set shown = [] %}
{% for name in (kept_rates().keys() | list) + kept_counts() %}
{% do shown.append('is_' ~ name ~ '_shown') %}
{% endfor %}

with

figures_then as (

    select * from {{ ref('int_figures_then') }}

),

figures_now as (

    select * from {{ ref('int_figures_now') }}

),

-- one published group : zero or one group now (none: nobody is in it any more).
groups_compared as (

    select
        {% for key in keys + ['dimension', 'dimension_value'] + (kept_rates().keys() | list) + shown %}
        figures_then.{{ key }},
        {% endfor %}
        {% for name in counts_of_figures() %}
        figures_then.{{ name }} as {{ name }}_published,
        coalesce(figures_now.{{ name }}, 0) as {{ name }}_now{{ ',' if not loop.last }}
        {% endfor %}

    from figures_then

    left join figures_now
        {% for key in keys + ['dimension', 'dimension_value'] %}
        {{ 'on' if loop.first else 'and' }} figures_then.{{ key }} = figures_now.{{ key }}
        {% endfor %}
),

wholes as (

    select * from groups_compared

    where dimension = 'all'

),

-- many groups : one whole.
with_whole as (

    select
        {% for key in keys + ['dimension', 'dimension_value'] + (kept_rates().keys() | list) + shown %}
        groups_compared.{{ key }},
        {% endfor %}
        {% for name in counts_of_figures() %}
        groups_compared.{{ name }}_published,
        groups_compared.{{ name }}_now,
        {% endfor %}
        {% for name in whole_counts %}
        wholes.{{ name }}_published is distinct from wholes.{{ name }}_now
            as has_other_whole_{{ name }}{{ ',' if not loop.last }}
        {% endfor %}

    from groups_compared

    inner join wholes
        {% for key in keys %}
        {{ 'on' if loop.first else 'and' }} groups_compared.{{ key }} = wholes.{{ key }}
        {% endfor %}
)

select * from with_whole
