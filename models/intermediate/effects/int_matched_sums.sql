-- One row per panel and event time (0: all three) with people who are compared: the matched
-- difference, the share of either side with use, and the variance over managers as clusters.
--
-- Both shares weigh strata as the difference does, which is the one less the other.

with

clusters as (

    select * from {{ ref('int_matched_clusters') }}

),

influences as (

    select
        *,
        product - square * sum(product) over one_figure / sum(square) over one_figure as influence

    from clusters

    window one_figure as (partition by panel_id, event_time)

),

sums as (

    select
        panel_id,
        event_time,
        sum(product) / sum(square) as difference,
        sum(treated_product) / sum(square) as treated_rate,
        sum(control_product) / sum(square) as control_rate,
        sum(influence * influence) / power(sum(square), 2) as variance,
        cast(sum(n_units) as bigint) as n_units,
        count(*) as n_clusters,
        count(case when has_treated then 1 end) as n_treated_clusters,
        count(case when has_controls then 1 end) as n_control_clusters

    from influences

    group by
        panel_id,
        event_time

)

select * from sums
