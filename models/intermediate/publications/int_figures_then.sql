-- One row per compared publication, program, tool, N, dimension and value: the figures as they were
-- published, side by side, with the counts behind them.

with

compared as (

    select publication_id from {{ ref('int_compared_publications') }}

),

published as (

    select * from {{ ref('stg_publications__published_figures') }}

),

-- many figures : zero or one compared publication (none: too old, or of another history).
figures as (

    select
        published.publication_id,
        published.program_id,
        published.tool_id,
        published.checkpoint_day,
        published.dimension,
        {% for rate, parts in kept_rates().items() %}
        {% set is_rate = "published.metric_name = '" ~ rate ~ "'" %}
        max(case when {{ is_rate }} then published.metric_value end) as {{ rate }},
        coalesce(bool_or({{ is_rate }} and published.is_shown), false) as is_{{ rate }}_shown,
        {% if parts.numerator %}
        max(case when {{ is_rate }} then published.numerator end) as {{ parts.numerator }},
        max(case when {{ is_rate }} then published.denominator end) as {{ parts.denominator }},
        {% endif %}
        {% endfor %}
        {% for name in kept_counts() %}
        max(case when published.metric_name = '{{ name }}' then published.numerator end)
            as {{ name }},
        coalesce(bool_or(published.metric_name = '{{ name }}' and published.is_shown), false)
            as is_{{ name }}_shown,
        {% endfor %}
        published.dimension_value

    from published

    inner join compared
        on published.publication_id = compared.publication_id

    group by
        published.publication_id,
        published.program_id,
        published.tool_id,
        published.checkpoint_day,
        published.dimension,
        published.dimension_value

)

select * from figures
