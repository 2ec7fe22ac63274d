-- One row per panel and period in which anybody may serve as a control: the clusters that have such
-- people.
--
-- A cluster has some as long as one of its units is treated later (or never, where only those never
-- treated are compared with).

with

clusters as (

    select
        panel_id,
        cluster_id,
        max(treated_period) as last_treated_period

    from {{ ref('int_effect_sums') }}

    where period = 0

    group by
        panel_id,
        cluster_id

),

effect_periods as (

    select * from {{ ref('int_effect_periods') }}

),

effect_panels as (

    select * from {{ ref('int_effect_panels') }}

),

-- many clusters : the periods before their last unit is treated; many : one panel.
control_clusters as (

    select
        clusters.panel_id,
        effect_periods.period,
        count(*) as n_control_clusters

    from clusters

    inner join effect_periods
        on clusters.panel_id = effect_periods.panel_id
        and clusters.last_treated_period > effect_periods.period

    inner join effect_panels
        on clusters.panel_id = effect_panels.panel_id

    where
        effect_panels.control_group = 'not_yet_treated'
        or clusters.last_treated_period = {{ never_treated() }}

    group by
        clusters.panel_id,
        effect_periods.period

)

select * from control_clusters
