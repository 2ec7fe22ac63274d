-- One row per panel: the joint Wald test that every lead of the event study is zero.
--
-- The quadratic form with the inverse of the leads' covariances, by elimination, one lead after
-- the other. A lead without cells or variance (beyond rounding), or one that the earlier leads
-- determine, adds no degree of freedom.

with

{% set leads = var('effect_leads') %}
covariances as (

    select
        {% for first, second in effect_pairs() if second <= leads %}
        coalesce(max(case
            when first_number = {{ first }} and second_number = {{ second }} then covariance
        end), 0e0) as covariance_{{ first }}_{{ second }},
        {% endfor %}
        panel_id

    from {{ ref('int_effect_covariances') }}

    where second_number <= {{ leads }}

    group by panel_id

),

leads as (

    select
        {% for lead in range(1, leads + 1) %}
        coalesce(sum(case when parameter_number = {{ lead }} then weight * effect end), 0e0)
            as lead_{{ lead }},
        {% endfor %}
        panel_id

    from {{ ref('int_effect_weights') }}

    group by panel_id

),

-- one panel : one row of leads.
step_0 as (

    select
        {% for lead in range(1, leads + 1) %}
        greatest(1e-9 * covariances.covariance_{{ lead }}_{{ lead }}, 1e-18) as least_{{ lead }},
        leads.lead_{{ lead }} as rest_{{ lead }},
        {% endfor %}
        {% for first, second in effect_pairs() if second <= leads %}
        covariances.covariance_{{ first }}_{{ second }} as rest_{{ first }}_{{ second }},
        {% endfor %}
        covariances.panel_id,
        0e0 as statistic,
        0 as degrees_of_freedom

    from covariances

    inner join leads
        on covariances.panel_id = leads.panel_id

),

{% for lead in range(1, leads + 1) %}
-- A lead that counts is taken out of those after it; its variance is then the pivot.
pivot_{{ lead }} as (

    select
        *,
        case
            when rest_{{ lead }}_{{ lead }} > least_{{ lead }} then 1e0 / rest_{{ lead }}_{{ lead }}
            else 0e0
        end as factor

    from step_{{ lead - 1 }}

),

step_{{ lead }} as (

    select
        {% for first in range(lead + 1, leads + 1) %}
        least_{{ first }},
        rest_{{ first }} - factor * rest_{{ lead }} * rest_{{ lead }}_{{ first }}
            as rest_{{ first }},
        {% for second in range(first, leads + 1) %}
        rest_{{ first }}_{{ second }}
        - factor * rest_{{ lead }}_{{ first }} * rest_{{ lead }}_{{ second }}
            as rest_{{ first }}_{{ second }},
        {% endfor %}
        {% endfor %}
        panel_id,
        statistic + factor * rest_{{ lead }} * rest_{{ lead }} as statistic,
        degrees_of_freedom + case when factor > 0 then 1 else 0 end as degrees_of_freedom

    from pivot_{{ lead }}

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
