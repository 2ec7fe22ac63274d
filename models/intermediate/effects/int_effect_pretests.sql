-- One row per panel: the joint Wald test that every lead of the event study is zero.
--
-- The quadratic form with the inverse of the leads' covariances, by elimination, one lead after
-- the other. A lead without cells or variance (beyond rounding), or one that the earlier leads
-- determine, adds no degree of freedom.

with

{% set leads = var('effect_leads') %}
covariances as (

    select
        panel_id,
        {% for first, second in effect_pairs() if second <= leads %}
        coalesce(max(case
            when first_number = {{ first }} and second_number = {{ second }} then covariance
        end), 0e0) as covariance_{{ first }}_{{ second }}{{ ',' if not loop.last }}
        {% endfor %}

    from {{ ref('int_effect_covariances') }}

    where second_number <= {{ leads }}

    group by panel_id

),

leads as (

    select
        panel_id,
        {% for lead in range(1, leads + 1) %}
        coalesce(sum(case when parameter_number = {{ lead }} then weight * effect end), 0e0)
            as lead_{{ lead }}{{ ',' if not loop.last }}
        {% endfor %}

    from {{ ref('int_effect_weights') }}

    group by panel_id

),

-- one panel : one row of leads.
step_0 as (

    select
        covariances.panel_id,
        0e0 as statistic,
        0 as degrees_of_freedom,
        {% for lead in range(1, leads + 1) %}
        greatest(1e-9 * covariances.covariance_{{ lead }}_{{ lead }}, 1e-18) as least_{{ lead }},
        leads.lead_{{ lead }} as rest_{{ lead }},
        {% endfor %}
        {% for first, second in effect_pairs() if second <= leads %}
        covariances.covariance_{{ first }}_{{ second }} as rest_{{ first }}_{{ second }}
            {{- ',' if not loop.last }}
        {% endfor %}

    from covariances

    inner join leads
        on covariances.panel_id = leads.panel_id

),

{% for lead in range(1, leads + 1) %}
{% set pivot = 'rest_' ~ lead ~ '_' ~ lead %}
{% set is_free = pivot ~ ' > least_' ~ lead %}
step_{{ lead }} as (

    select
        panel_id,
        statistic
        + case when {{ is_free }} then rest_{{ lead }} * rest_{{ lead }} / {{ pivot }} else 0e0 end
            as statistic,
        degrees_of_freedom + case when {{ is_free }} then 1 else 0 end as degrees_of_freedom
        {%- for first in range(lead + 1, leads + 1) %},
        {% set factor = 'rest_' ~ lead ~ '_' ~ first ~ ' / ' ~ pivot %}
        least_{{ first }},
        rest_{{ first }}
        - case when {{ is_free }} then rest_{{ lead }} * {{ factor }} else 0e0 end
            as rest_{{ first }}
        {%- for second in range(first, leads + 1) %},
        rest_{{ first }}_{{ second }}
        - case when {{ is_free }} then rest_{{ lead }}_{{ second }} * {{ factor }} else 0e0 end
            as rest_{{ first }}_{{ second }}
        {%- endfor %}
        {%- endfor %}

    from step_{{ lead - 1 }}

),

{% endfor %}
rooted as (

    select
        panel_id,
        degrees_of_freedom,
        case when degrees_of_freedom > 0 then statistic end as statistic,
        sqrt(statistic) as root

    from step_{{ leads }}

),

pretests as (

    select
        panel_id,
        cast(degrees_of_freedom as integer) as degrees_of_freedom,
        statistic,
        {{ chi_square_p('root', 'degrees_of_freedom', leads) }} as p_value

    from rooted

)

select * from pretests
