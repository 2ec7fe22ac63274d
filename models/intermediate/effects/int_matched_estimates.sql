-- One row per panel and event time (0: all three together): the matched difference in the share
-- of people with use in the month's last covered week, with an error over managers as clusters,
-- and the share of either side.
--
-- The error is that of a regression with a constant per stratum.

with

sizes as (

    select * from {{ ref('int_matched_sizes') }}

),

sums as (

    select * from {{ ref('int_matched_sums') }}

),

{% set n_clusters = 'sums.n_clusters' %}
{% set freedom = '(sums.n_units - sizes.n_cells - 1)' %}
-- one figure : zero or one sum (none: nobody is like the treated).
with_sums as (

    select
        sizes.panel_id,
        sizes.event_time,
        sizes.n_treated,
        sizes.n_controls,
        sizes.n_treated_clusters,
        sizes.n_control_clusters,
        sizes.n_cells,
        sizes.n_dropped_cells,
        least(sizes.n_treated, sizes.n_controls) >= {{ display_floor() }} as has_people,
        sums.difference,
        sums.treated_rate,
        sums.control_rate,
        sqrt(
            sums.variance
            * {{ safe_rate(n_clusters, '(' ~ n_clusters ~ ' - 1)') }}
            * {{ safe_rate('(sums.n_units - 1)', freedom) }}
        ) as error,
        coalesce(sums.n_clusters, 0) as n_clusters

    from sizes

    left join sums
        on sizes.panel_id = sums.panel_id
        and sizes.event_time = sums.event_time

),

estimates as (

    select
        panel_id,
        event_time,
        case when has_people then difference end as estimate,
        case when has_people then error end as standard_error,
        case when has_people then treated_rate end as treated_rate,
        case when has_people then control_rate end as control_rate,
        n_treated,
        n_controls,
        n_clusters,
        n_treated_clusters,
        n_control_clusters,
        n_cells,
        n_dropped_cells

    from with_sums

)

select * from estimates
