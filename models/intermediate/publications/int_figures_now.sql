-- One row per compared publication, program, tool, N, dimension and value: the counts behind the
-- published figures, over the same days, as they are known now.

with

figure_steps as (

    select * from {{ ref('int_figure_steps') }}

),

limits as (

    select * from {{ ref('int_publication_limits') }}

),

-- many steps : many publications whose limit is not before them.
by_tool as (

    select
        limits.publication_id,
        figure_steps.program_id,
        figure_steps.tool_id,
        figure_steps.checkpoint_day,
        figure_steps.dimension,
        {% for name in counts_of_figures() %}
        cast(sum(figure_steps.{{ name }}) as bigint) as {{ name }},
        {% endfor %}
        figure_steps.dimension_value

    from figure_steps

    inner join limits
        on figure_steps.tool_id = limits.tool_id
        and figure_steps.limit_kind = limits.limit_kind
        and figure_steps.limit_date <= limits.limit_date

    group by
        limits.publication_id,
        figure_steps.program_id,
        figure_steps.tool_id,
        figure_steps.checkpoint_day,
        figure_steps.dimension,
        figure_steps.dimension_value

),

figures as (

    select
        publication_id,
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        {{ counts_of_figures() | join(',\n        ') }},
        dimension_value

    from by_tool

    where
        dimension not in (
            {% for dimension in kept_dimensions() if dimension.across_tools %}
            '{{ dimension.name }}',
            {% endfor %}
            'unattributed'
        )

    union all

    select
        publication_id,
        program_id,
        'all' as tool_id,
        checkpoint_day,
        dimension,
        {% for name in counts_of_figures() %}
        cast(sum({{ name }}) as bigint) as {{ name }},
        {% endfor %}
        dimension_value

    from by_tool

    group by
        publication_id,
        program_id,
        checkpoint_day,
        dimension,
        dimension_value

)

select * from figures
