-- One row per comparison, program, tool, N and stratum: reports of never activated managers, and of
-- each kind of activated ones.

with

sums as (

    select * from {{ ref('int_activation_sums') }}

),

{% set sides = {'controls': 'not_activated'} %}
{% do sides.update(activation_comparisons()) %}
strata as (

    select
        {% for name, value in sides.items() %}
        cast(sum(
            case when {{ is_in_activation_group(value) }} then n_eligible else 0 end
        ) as bigint) as n_{{ name }},
        cast(sum(
            case when {{ is_in_activation_group(value) }} then n_adopted else 0 end
        ) as bigint) as n_adopted_{{ name }},
        {% endfor %}
        comparison,
        program_id,
        tool_id,
        checkpoint_day,
        role_group,
        baseline_status

    from sums

    group by
        comparison,
        program_id,
        tool_id,
        checkpoint_day,
        role_group,
        baseline_status

)

select * from strata
