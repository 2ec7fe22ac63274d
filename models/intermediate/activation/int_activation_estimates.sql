-- One row per comparison, program, tool (and `all`), N and value: the difference in adoption from
-- reports of never activated managers, with a standard error over managers as clusters.
--
-- The error is that of a regression with a constant per stratum: for few clusters and many
-- constants, C / (C - 1) * (n - 1) / (n - constants - 1).

with

clusters as (

    select * from {{ ref('int_activation_clusters') }}

),

strata as (

    select * from {{ ref('int_activation_strata') }}

),

influences as (

    select
        {% for name in activation_comparisons() %}
        product_{{ name }},
        square_{{ name }},
        n_{{ name }},
        product_{{ name }}
        - square_{{ name }}
        * sum(product_{{ name }}) over one_comparison / sum(square_{{ name }}) over one_comparison
            as influence_{{ name }},
        {% endfor %}
        comparison,
        program_id,
        tool_id,
        checkpoint_day,
        is_control

    from clusters

    window one_comparison as (partition by comparison, program_id, tool_id, checkpoint_day)

),

summed as (

    select
        {% for name in activation_comparisons() %}
        {% set is_in = 'n_' ~ name ~ ' > 0' %}
        sum(product_{{ name }}) / sum(square_{{ name }}) as difference_{{ name }},
        sum(influence_{{ name }} * influence_{{ name }}) / power(sum(square_{{ name }}), 2)
            as variance_{{ name }},
        cast(sum(case when not is_control then n_{{ name }} else 0 end) as bigint)
            as n_treated_{{ name }},
        cast(sum(case when is_control then n_{{ name }} else 0 end) as bigint)
            as n_controls_{{ name }},
        count(case when {{ is_in }} and not is_control then 1 end)
            as n_treated_clusters_{{ name }},
        count(case when {{ is_in }} and is_control then 1 end) as n_control_clusters_{{ name }},
        {% endfor %}
        comparison,
        program_id,
        tool_id,
        checkpoint_day

    from influences

    group by
        comparison,
        program_id,
        tool_id,
        checkpoint_day

),

strata_counts as (

    {% for level in ['tool_id', "'all'"] %}
    select
        {% for name in activation_comparisons() %}
        count(case when n_{{ name }} > 0 and n_controls > 0 then 1 end) as n_strata_{{ name }},
        {% endfor %}
        comparison,
        program_id,
        {{ level }} as tool_id,
        checkpoint_day

    from strata

    {{ "where comparison = 'adjusted'" if not loop.first }}

    group by
        comparison,
        program_id,
        {{ 'tool_id,' if loop.first }}
        checkpoint_day

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- one comparison : its one count of strata.
compared as (

    select
        {% for name in activation_comparisons() %}
        summed.difference_{{ name }},
        summed.variance_{{ name }},
        summed.n_treated_{{ name }},
        summed.n_controls_{{ name }},
        summed.n_treated_clusters_{{ name }},
        summed.n_control_clusters_{{ name }},
        strata_counts.n_strata_{{ name }},
        {% endfor %}
        summed.comparison,
        summed.program_id,
        summed.tool_id,
        summed.checkpoint_day

    from summed

    inner join strata_counts
        on summed.comparison = strata_counts.comparison
        and summed.program_id = strata_counts.program_id
        and summed.tool_id = strata_counts.tool_id
        and summed.checkpoint_day = strata_counts.checkpoint_day

),

estimates as (

    {% for name, value in activation_comparisons().items() %}
    {% set n = 'n_treated_' ~ name ~ ' + n_controls_' ~ name %}
    {% set clusters = 'n_treated_clusters_' ~ name ~ ' + n_control_clusters_' ~ name %}
    select
        comparison,
        program_id,
        tool_id,
        checkpoint_day,
        '{{ value }}' as dimension_value,
        difference_{{ name }} as difference,
        sqrt(
            variance_{{ name }}
            * {{ safe_rate('(' ~ clusters ~ ')', '(' ~ clusters ~ ' - 1)') }}
            * {{ safe_rate('(' ~ n ~ ' - 1)', '(' ~ n ~ ' - n_strata_' ~ name ~ ' - 1)') }}
        ) as standard_error,
        n_treated_{{ name }} as n_treated,
        n_controls_{{ name }} as n_controls,
        n_treated_clusters_{{ name }} as n_treated_clusters,
        n_control_clusters_{{ name }} as n_control_clusters,
        n_strata_{{ name }} as n_strata

    from compared

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from estimates
