-- One row per compared publication and published group: what was published and what is known now
-- about the same days, and which counts differ, in the group and in the whole that it is part of.
--
-- The whole (dimension `all`) tells units that moved between groups from units new or gone.

{% set of_whole = ['publication_id', 'program_id', 'tool_id', 'checkpoint_day'] %}
{% set whole_counts = ['n_assigned', 'n_assigned_completed', 'n_completed', 'n_matured'] %}

with

figures_then as (

    select * from {{ ref('int_figures_then') }}

),

figures_now as (

    select * from {{ ref('int_figures_now') }}

),

-- one published group : zero or one group now (none: nobody is in it any more).
then_and_now as (

    select
        {% for key in of_whole + ['dimension', 'dimension_value'] %}
        figures_then.{{ key }},
        {% endfor %}
        {% for name in (kept_rates().keys() | list) + kept_counts() %}
        figures_then.is_{{ name }}_shown,
        {% endfor %}
        {% for name in counts_of_figures() %}
        figures_then.{{ name }} as {{ name }}_published,
        coalesce(figures_now.{{ name }}, 0) as {{ name }}_now,
        {% endfor %}
        {{ 'figures_then.' ~ kept_rates().keys() | join(',\n        figures_then.') }}

    from figures_then

    left join figures_now
        on figures_then.publication_id = figures_now.publication_id
        and figures_then.program_id = figures_now.program_id
        and figures_then.tool_id = figures_now.tool_id
        and figures_then.checkpoint_day = figures_now.checkpoint_day
        and figures_then.dimension = figures_now.dimension
        and figures_then.dimension_value = figures_now.dimension_value

),

groups_compared as (

    select
        {% for name in counts_of_figures() %}
        coalesce({{ name }}_published, -1) <> {{ name }}_now as has_other_{{ name }},
        {% endfor %}
        *

    from then_and_now

),

wholes as (

    select
        {% for name in whole_counts %}
        has_other_{{ name }} as has_other_whole_{{ name }},
        {% endfor %}
        {{ of_whole | join(',\n        ') }}

    from groups_compared

    where dimension = 'all'

),

-- many groups : one whole.
with_whole as (

    select
        groups_compared.*,
        {% for name in whole_counts[1:] %}
        wholes.has_other_whole_{{ name }},
        {% endfor %}
        wholes.has_other_whole_{{ whole_counts[0] }}

    from groups_compared

    inner join wholes
        on groups_compared.publication_id = wholes.publication_id
        and groups_compared.program_id = wholes.program_id
        and groups_compared.tool_id = wholes.tool_id
        and groups_compared.checkpoint_day = wholes.checkpoint_day

)

select * from with_whole
