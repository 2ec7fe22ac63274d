-- One row per comparison, program, tool (and `all`), N and manager: what the team adds to each
-- difference.
--
-- The difference is the coefficient of being activated in a linear regression of adoption with a
-- constant per stratum. With x the activation less its mean in the stratum, it is the sum of
-- x * adopted (product) over the sum of x * x (square); product less square times the coefficient
-- is the team's influence. Strata with one side only have x = 0 and are left out. A manager is on
-- one side only: activated managers completed enablement, the others never did.

with

sums as (

    select * from {{ ref('int_activation_sums') }}

),

strata as (

    select * from {{ ref('int_activation_strata') }}

),

-- many sums : the one stratum they are in.
centred as (

    select
        {% for name, value in activation_comparisons().items() %}
        {% set n = '(strata.n_controls + strata.n_' ~ name ~ ')' %}
        {% set adopted = '(strata.n_adopted_controls + strata.n_adopted_' ~ name ~ ')' %}
        {{ safe_rate(adopted, n) }} as mean_{{ name }},
        case
            when strata.n_{{ name }} = 0 or strata.n_controls = 0 then null
            when {{ is_in_activation_group(value, 'sums.activation_lead_bin') }}
                then {{ safe_rate('strata.n_controls', n) }}
            when sums.activation_lead_bin = 'not_activated'
                then -{{ safe_rate('strata.n_' ~ name, n) }}
        end as x_{{ name }},
        {% endfor %}
        sums.comparison,
        sums.program_id,
        sums.tool_id,
        sums.checkpoint_day,
        sums.manager_group,
        sums.activation_lead_bin = 'not_activated' as is_control,
        sums.n_eligible,
        sums.n_adopted

    from sums

    inner join strata
        on sums.comparison = strata.comparison
        and sums.program_id = strata.program_id
        and sums.tool_id = strata.tool_id
        and sums.checkpoint_day = strata.checkpoint_day
        and sums.role_group = strata.role_group
        and sums.baseline_status = strata.baseline_status

),

clusters as (

    {% for level in ['tool_id', "'all'"] %}
    select
        {% for name in activation_comparisons() %}
        sum(x_{{ name }} * (n_adopted - n_eligible * mean_{{ name }})) as product_{{ name }},
        sum(x_{{ name }} * x_{{ name }} * n_eligible) as square_{{ name }},
        cast(sum(case when x_{{ name }} is not null then n_eligible else 0 end) as bigint)
            as n_{{ name }},
        {% endfor %}
        comparison,
        program_id,
        {{ level }} as tool_id,
        checkpoint_day,
        manager_group,
        is_control

    from centred

    {{ "where comparison = 'adjusted'" if not loop.first }}

    group by
        comparison,
        program_id,
        {{ 'tool_id,' if loop.first }}
        checkpoint_day,
        manager_group,
        is_control

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from clusters
