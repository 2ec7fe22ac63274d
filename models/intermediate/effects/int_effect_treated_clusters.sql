-- One row per panel and parameter with a supported cell: the clusters that have people of its
-- groups.
--
-- Errors are too small where the treated are a few managers' people, however many managers the
-- panel has. Counted by kinds of clusters (which groups their people are in): there are few kinds,
-- and no cluster is repeated for each parameter.

with

{% set numbers = range(1, var('effect_months') + 1) %}
weights as (

    select
        panel_id,
        parameter_number,
        treated_period,
        dense_rank() over (partition by panel_id order by treated_period) as group_number

    from {{ ref('int_effect_weights') }}

    where weight is not null

),

group_numbers as (

    select distinct
        panel_id,
        treated_period,
        group_number

    from weights

),

parameters as (

    select
        {% for number in numbers %}
        max(cast(group_number = {{ number }} as integer)) as has_{{ number }},
        {% endfor %}
        panel_id,
        parameter_number

    from weights

    group by
        panel_id,
        parameter_number

),

people as (

    select
        panel_id,
        cluster_id,
        treated_period

    from {{ ref('int_effect_sums') }}

    where period = 0

),

-- many groups of a cluster : zero or one number. Groups without a supported cell are excluded, and
-- those never treated.
clusters as (

    select
        {% for number in numbers %}
        max(cast(group_numbers.group_number = {{ number }} as integer))
            as is_in_{{ number }},
        {% endfor %}
        people.panel_id,
        people.cluster_id

    from people

    inner join group_numbers
        on people.panel_id = group_numbers.panel_id
        and people.treated_period = group_numbers.treated_period

    group by
        people.panel_id,
        people.cluster_id

),

cluster_kinds as (

    select
        {% for number in numbers %}
        is_in_{{ number }},
        {% endfor %}
        panel_id,
        count(*) as n_clusters

    from clusters

    group by
        {% for number in numbers %}
        is_in_{{ number }},
        {% endfor %}
        panel_id

),

-- one parameter : every kind of its panel.
treated_clusters as (

    select
        parameters.panel_id,
        parameters.parameter_number,
        cast(sum(cluster_kinds.n_clusters * greatest(
            {% for number in numbers %}
            parameters.has_{{ number }} * cluster_kinds.is_in_{{ number }}{{ ',' if not loop.last }}
            {% endfor %}
        )) as bigint) as n_treated_clusters

    from parameters

    inner join cluster_kinds
        on parameters.panel_id = cluster_kinds.panel_id

    group by
        parameters.panel_id,
        parameters.parameter_number

)

select * from treated_clusters
