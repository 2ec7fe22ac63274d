-- One row per comparison and stratum: treated people, controls, and the mean of both outcomes.

with

{% set stratum = [
    'panel_id', 'event_time', 'treated_period', 'role_group', 'country', 'tenure_band',
    'baseline_band'
] %}
strata as (

    select
        {{ stratum | join(',\n        ') }},
        cast(sum(case when is_treated then n_units else 0 end) as bigint) as n_treated,
        cast(sum(case when is_treated then 0 else n_units end) as bigint) as n_controls,
        cast(sum(n_active) as double) / sum(n_units) as mean_outcome

    from {{ ref('int_matched_cells') }}

    group by {{ stratum | join(', ') }}

)

select * from strata
