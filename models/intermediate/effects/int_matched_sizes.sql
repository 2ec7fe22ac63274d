-- One row per panel and event time (0: all three together) with treated people: how many people,
-- managers and strata are compared, and how many strata have nobody to compare with.
--
-- Cells are strata with both sides; dropped ones have treated people and nobody like them.

with

sums as (

    select * from {{ ref('int_matched_sums') }}

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

-- one event time : zero or one sum (none: nobody is like the treated).
of_event_times as (

    select
        sizes.panel_id,
        sizes.event_time,
        sizes.n_cells,
        sizes.n_dropped_cells,
        sizes.n_treated,
        sizes.n_controls,
        coalesce(sums.n_treated_clusters, 0) as n_treated_clusters,
        coalesce(sums.n_control_clusters, 0) as n_control_clusters

    from sizes

    left join sums
        on sizes.panel_id = sums.panel_id
        and sizes.event_time = sums.event_time

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

)

select * from sizes_of_figures
