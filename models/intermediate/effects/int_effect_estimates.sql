-- One row per panel and parameter: estimate, standard error by influence functions clustered by
-- int_effect_sums.cluster_id, and how many people and cells it rests on.
--
-- A parameter none of whose cells is supported has no estimate. n_controls is that of its cell with
-- the fewest.

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

covariances as (

    select * from {{ ref('int_effect_covariances') }}

    where first_number = second_number

),

pretests as (

    select * from {{ ref('int_effect_pretests') }}

),

parameters as (

    select
        panel_id,
        parameter_number,
        aggregation,
        value_number,
        sum(weight * effect) as estimate,
        cast(coalesce(sum(case
            when weight is not null and rank_in_group = 1 then n_treated
        end), 0) as bigint) as n_treated,
        cast(coalesce(min(case when weight is not null then n_controls end), 0) as bigint)
            as n_controls,
        cast(count(weight) as integer) as n_cells,
        cast(count(*) - count(weight) as integer) as n_dropped_cells

    from weights

    group by
        panel_id,
        parameter_number,
        aggregation,
        value_number

),

-- one parameter : one variance; many parameters : one test of the leads.
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
        covariances.n_treated_clusters,
        parameters.n_cells,
        parameters.n_dropped_cells,
        pretests.statistic as pretrend_statistic,
        pretests.degrees_of_freedom as pretrend_degrees_of_freedom,
        pretests.p_value as pretrend_p_value

    from parameters

    inner join covariances
        on parameters.panel_id = covariances.panel_id
        and parameters.parameter_number = covariances.first_number

    inner join pretests
        on parameters.panel_id = pretests.panel_id

)

select * from estimates
