-- One row per panel, event time (0: all three) and manager: what the team adds to the matched
-- difference.
--
-- The difference is the coefficient of being treated in a linear regression of the outcome with a
-- constant per stratum, which weighs strata as Mantel and Haenszel do. With x the treatment less
-- its mean in the stratum, it is the sum of x * active (product) over the sum of x * x (square).
-- Strata with one side only are left out.

with

cells as (

    select * from {{ ref('int_matched_cells') }}

),

strata as (

    select * from {{ ref('int_matched_strata') }}

    where
        n_treated > 0
        and n_controls > 0

),

-- many cells : zero or one stratum with both sides. The others are excluded.
centred as (

    select
        cells.panel_id,
        cells.event_time,
        cells.cluster_id,
        cells.is_treated,
        cells.n_units,
        cells.n_active,
        strata.mean_outcome,
        case
            when cells.is_treated then {{ safe_rate(
                'strata.n_controls', '(strata.n_treated + strata.n_controls)'
            ) }}
            else -{{ safe_rate('strata.n_treated', '(strata.n_treated + strata.n_controls)') }}
        end as x

    from cells

    inner join strata
        on cells.panel_id = strata.panel_id
        and cells.event_time = strata.event_time
        and cells.treated_period = strata.treated_period
        and cells.role_group = strata.role_group
        and cells.country = strata.country
        and cells.tenure_band = strata.tenure_band
        and cells.baseline_band = strata.baseline_band

),

clusters as (

    {% for event_time in ['event_time', '0'] %}
    select
        panel_id,
        {{ event_time }} as event_time,
        cluster_id,
        sum(x * (n_active - n_units * mean_outcome)) as product,
        sum(case when is_treated then x * n_active else 0e0 end) as treated_product,
        -- By itself, not as a difference: without use it is 0 and not nearly 0.
        sum(case when is_treated then 0e0 else -x * n_active end) as control_product,
        sum(x * x * n_units) as square,
        cast(sum(n_units) as bigint) as n_units,
        bool_or(is_treated) as has_treated,
        bool_or(not is_treated) as has_controls

    from centred

    group by
        panel_id,
        {{ 'event_time,' if loop.first }}
        cluster_id

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from clusters
