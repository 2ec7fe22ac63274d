-- One row per panel and parameter: estimate, standard error by influence functions clustered by
-- int_effect_sums.cluster_id, and how many people and cells it rests on.
--
-- A parameter none of whose cells is supported has no estimate. n_treated_clusters are those of the
-- groups of its cells; n_controls and n_control_clusters those of its cell with the fewest.

with

weights as (

    select
        *,
        row_number() over (
            partition by
                panel_id,
                parameter_number,
                treated_period,
                case when weight is null then 1 else 0 end
            order by period
        ) as rank_in_group

    from {{ ref('int_effect_weights') }}

),

control_clusters as (

    select * from {{ ref('int_effect_control_clusters') }}

),

treated_clusters as (

    select * from {{ ref('int_effect_treated_clusters') }}

),

covariances as (

    select * from {{ ref('int_effect_covariances') }}

    where first_number = second_number

),

pretests as (

    select * from {{ ref('int_effect_pretests') }}

),

-- many cells : zero or one count of clusters in their period (none: nobody is left to compare with,
-- and the cell is not supported).
parameters as (

    select
        weights.panel_id,
        weights.parameter_number,
        weights.aggregation,
        weights.value_number,
        sum(weights.weight * weights.effect) as estimate,
        cast(coalesce(sum(case
            when weights.weight is not null and weights.rank_in_group = 1 then weights.n_treated
        end), 0) as bigint) as n_treated,
        cast(coalesce(min(case
            when weights.weight is not null then weights.n_controls
        end), 0) as bigint) as n_controls,
        cast(coalesce(min(case
            when weights.weight is not null then control_clusters.n_control_clusters
        end), 0) as bigint) as n_control_clusters,
        cast(count(weights.weight) as integer) as n_cells,
        cast(count(*) - count(weights.weight) as integer) as n_dropped_cells

    from weights

    left join control_clusters
        on weights.panel_id = control_clusters.panel_id
        and weights.period = control_clusters.period

    group by
        weights.panel_id,
        weights.parameter_number,
        weights.aggregation,
        weights.value_number

),

-- one parameter : one variance; one : zero or one count of clusters (none: no cell is supported);
-- many : one test of the leads, which a guard insists on.
estimates as (

    select
        parameters.panel_id,
        parameters.aggregation,
        parameters.value_number,
        parameters.estimate,
        case
            when parameters.estimate is not null then sqrt(covariances.covariance)
        end as standard_error,
        parameters.n_treated,
        parameters.n_controls,
        covariances.n_clusters,
        coalesce(treated_clusters.n_treated_clusters, 0) as n_treated_clusters,
        parameters.n_control_clusters,
        parameters.n_cells,
        parameters.n_dropped_cells,
        pretests.statistic as pretrend_statistic,
        pretests.degrees_of_freedom as pretrend_degrees_of_freedom,
        pretests.p_value as pretrend_p_value

    from parameters

    inner join covariances
        on parameters.panel_id = covariances.panel_id
        and parameters.parameter_number = covariances.first_number

    left join treated_clusters
        on parameters.panel_id = treated_clusters.panel_id
        and parameters.parameter_number = treated_clusters.parameter_number

    left join pretests
        on parameters.panel_id = pretests.panel_id

)

select * from estimates
