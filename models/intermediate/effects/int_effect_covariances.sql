-- One row per panel and pair of parameters: their covariance over the clusters. The pairs are each
-- parameter with itself, and the leads with each other.
--
-- Parameters stand side by side as columns while the clusters are summed: as rows there would be
-- some 40 for each cluster, group and period. Finite clusters: C / (C - 1).

with

{% set numbers = range(1, effect_parameters() + 1) %}
effect_sums as (

    select * from {{ ref('int_effect_sums') }}

),

coefficients as (

    select
        {% for number in numbers %}
        sum(case when parameter_number = {{ number }} then coefficient end)
            as coefficient_{{ number }},
        {% endfor %}
        panel_id,
        treated_period,
        entered_period,
        period

    from {{ ref('int_effect_coefficients') }}

    group by
        panel_id,
        treated_period,
        entered_period,
        period

),

-- many sums : zero or one row of coefficients. Without one the sum enters no figure.
influences as (

    select
        {% for number in numbers %}
        coalesce(sum(effect_sums.amount * coefficients.coefficient_{{ number }}), 0e0)
            as influence_{{ number }},
        {% endfor %}
        effect_sums.panel_id,
        effect_sums.cluster_id

    from effect_sums

    left join coefficients
        on effect_sums.panel_id = coefficients.panel_id
        and effect_sums.treated_period = coefficients.treated_period
        and effect_sums.entered_period = coefficients.entered_period
        and effect_sums.period = coefficients.period

    group by
        effect_sums.panel_id,
        effect_sums.cluster_id

),

products as (

    select
        {% for first, second in effect_pairs() %}
        sum(influence_{{ first }} * influence_{{ second }}) as product_{{ first }}_{{ second }},
        {% endfor %}
        panel_id,
        count(*) as n_clusters

    from influences

    group by panel_id

),

parameter_pairs as (

    {% for first, second in effect_pairs() %}
    select
        {{ first }} as first_number,
        {{ second }} as second_number

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- one panel : all pairs of parameters.
covariances as (

    select
        products.panel_id,
        parameter_pairs.first_number,
        parameter_pairs.second_number,
        products.n_clusters,
        case 1000 * parameter_pairs.first_number + parameter_pairs.second_number
            {% for first, second in effect_pairs() %}
            when {{ 1000 * first + second }} then products.product_{{ first }}_{{ second }}
            {% endfor %}
        end * products.n_clusters / nullif(products.n_clusters - 1, 0) as covariance

    from products

    cross join parameter_pairs

)

select * from covariances
