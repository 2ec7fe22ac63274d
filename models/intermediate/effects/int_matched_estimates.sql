-- One row per panel and event time (0: all three together): the matched difference in the share
-- of people with use in the month's last covered week, with an error over managers as clusters.
--
-- Cells are strata with both sides; dropped ones have treated people and nobody like them. The
-- error is that of a regression with a constant per stratum.

with

clusters as (

    select * from {{ ref('int_matched_clusters') }}

),

strata as (

    select
        *,
        n_treated > 0 and n_controls > 0 as is_supported

    from {{ ref('int_matched_strata') }}

    where n_treated > 0

),

sizes as (

    select
        panel_id,
        event_time,
        cast(count(case when is_supported then 1 end) as integer) as n_cells,
        cast(count(case when not is_supported then 1 end) as integer) as n_dropped_cells,
        cast(coalesce(sum(case when is_supported then n_treated end), 0) as bigint) as n_treated,
        cast(coalesce(sum(case when is_supported then n_controls end), 0) as bigint) as n_controls

    from strata

    group by
        panel_id,
        event_time

),

sizes_of_figures as (

    select
        panel_id,
        event_time,
        n_cells,
        n_dropped_cells,
        n_treated,
        n_controls

    from sizes

    union all

    -- People are in up to three months: the most of the treated, the fewest of the others.
    select
        panel_id,
        0 as event_time,
        cast(sum(n_cells) as integer) as n_cells,
        cast(sum(n_dropped_cells) as integer) as n_dropped_cells,
        max(n_treated) as n_treated,
        min(n_controls) as n_controls

    from sizes

    group by panel_id

),

influences as (

    select
        *,
        product - square * sum(product) over one_figure / sum(square) over one_figure as influence

    from clusters

    window one_figure as (partition by panel_id, event_time)

),

summed as (

    select
        panel_id,
        event_time,
        sum(product) / sum(square) as difference,
        sum(influence * influence) / power(sum(square), 2) as variance,
        cast(sum(n_units) as bigint) as n_units,
        count(*) as n_clusters,
        count(case when has_treated then 1 end) as n_treated_clusters,
        count(case when has_controls then 1 end) as n_control_clusters

    from influences

    group by
        panel_id,
        event_time

),

{% set n_clusters = 'summed.n_clusters' %}
{% set freedom = '(summed.n_units - sizes_of_figures.n_cells - 1)' %}
-- one figure : zero or one sum (none: nobody is like the treated).
with_sums as (

    select
        sizes_of_figures.panel_id,
        sizes_of_figures.event_time,
        sizes_of_figures.n_treated,
        sizes_of_figures.n_controls,
        sizes_of_figures.n_cells,
        sizes_of_figures.n_dropped_cells,
        least(sizes_of_figures.n_treated, sizes_of_figures.n_controls) >= {{ display_floor() }}
            as has_people,
        summed.difference,
        sqrt(
            summed.variance
            * {{ safe_rate(n_clusters, '(' ~ n_clusters ~ ' - 1)') }}
            * {{ safe_rate('(summed.n_units - 1)', freedom) }}
        ) as error,
        coalesce(summed.n_clusters, 0) as n_clusters,
        coalesce(summed.n_treated_clusters, 0) as n_treated_clusters,
        coalesce(summed.n_control_clusters, 0) as n_control_clusters

    from sizes_of_figures

    left join summed
        on sizes_of_figures.panel_id = summed.panel_id
        and sizes_of_figures.event_time = summed.event_time

),

estimates as (

    select
        panel_id,
        event_time,
        case when has_people then difference end as estimate,
        case when has_people then error end as standard_error,
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
