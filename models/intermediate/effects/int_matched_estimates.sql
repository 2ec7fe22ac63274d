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

sizes_of_months as (

    select
        panel_id,
        event_time,
        treated_period,
        count(case when is_supported then 1 end) as n_cells,
        count(case when not is_supported then 1 end) as n_dropped_cells,
        coalesce(sum(case when is_supported then n_treated end), 0) as n_treated,
        coalesce(sum(case when is_supported then n_controls end), 0) as n_controls

    from strata

    group by
        panel_id,
        event_time,
        treated_period

),

-- The same people are controls of several months of treatment: those of the month that has most
-- are so many people at least.
sizes as (

    select
        panel_id,
        event_time,
        cast(sum(n_cells) as integer) as n_cells,
        cast(sum(n_dropped_cells) as integer) as n_dropped_cells,
        cast(sum(n_treated) as bigint) as n_treated,
        cast(max(n_controls) as bigint) as n_controls

    from sizes_of_months

    group by
        panel_id,
        event_time

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

-- one event time : zero or one sum (none: nobody is like the treated).
of_event_times as (

    select
        sizes.panel_id,
        sizes.event_time,
        sizes.n_cells,
        sizes.n_dropped_cells,
        sizes.n_treated,
        sizes.n_controls,
        coalesce(summed.n_treated_clusters, 0) as n_treated_clusters,
        coalesce(summed.n_control_clusters, 0) as n_control_clusters

    from sizes

    left join summed
        on sizes.panel_id = summed.panel_id
        and sizes.event_time = summed.event_time

),

-- All three: the most treated people; the fewest controls and managers of those with any.
sizes_of_figures as (

    select * from of_event_times

    union all

    select
        panel_id,
        0 as event_time,
        cast(sum(n_cells) as integer) as n_cells,
        cast(sum(n_dropped_cells) as integer) as n_dropped_cells,
        max(n_treated) as n_treated,
        coalesce(min(case when n_cells > 0 then n_controls end), 0) as n_controls,
        coalesce(min(case when n_cells > 0 then n_treated_clusters end), 0) as n_treated_clusters,
        coalesce(min(case when n_cells > 0 then n_control_clusters end), 0) as n_control_clusters

    from of_event_times

    group by panel_id

),

{% set n_clusters = 'figure_sums.n_clusters' %}
{% set freedom = '(figure_sums.n_units - sizes_of_figures.n_cells - 1)' %}
-- one figure : zero or one sum (none: nobody is like the treated).
with_sums as (

    select
        sizes_of_figures.panel_id,
        sizes_of_figures.event_time,
        sizes_of_figures.n_treated,
        sizes_of_figures.n_controls,
        sizes_of_figures.n_treated_clusters,
        sizes_of_figures.n_control_clusters,
        sizes_of_figures.n_cells,
        sizes_of_figures.n_dropped_cells,
        least(sizes_of_figures.n_treated, sizes_of_figures.n_controls) >= {{ display_floor() }}
            as has_people,
        figure_sums.difference,
        sqrt(
            figure_sums.variance
            * {{ safe_rate(n_clusters, '(' ~ n_clusters ~ ' - 1)') }}
            * {{ safe_rate('(figure_sums.n_units - 1)', freedom) }}
        ) as error,
        coalesce(figure_sums.n_clusters, 0) as n_clusters

    from sizes_of_figures

    left join summed as figure_sums
        on sizes_of_figures.panel_id = figure_sums.panel_id
        and sizes_of_figures.event_time = figure_sums.event_time

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
