-- One row per program, tool, manager and N: completion and adoption of the team, the manager's own
-- use and activation, reversion and, above the display floor, the rank.
--
-- The cohort are the people whose manager on their index date (assignment counts: assignment day)
-- was this one. `no_manager` and `unknown` are cohorts too, never ranked.

{% set is_ranked =
    'cohorts.n_eligible >= ' ~ var('min_cell')
    ~ " and cohorts.dimension_value not in ('no_manager', 'unknown')"
%}

with

cohorts as (

    select * from {{ ref('adoption_rates') }}

    where dimension = 'manager'

),

activations as (

    select * from {{ ref('int_cohort_activations') }}

),

reversions as (

    select * from {{ ref('int_cohort_reversions') }}

),

manager_use as (

    select * from {{ ref('int_manager_use') }}

),

-- one cohort and N : zero or one activation, reversion and own use (none: no completed unit, no
-- manager, or the manager's own unit is not eligible).
manager_cohorts as (

    select
        cohorts.program_id,
        cohorts.tool_id,
        cohorts.checkpoint_day,
        cohorts.dimension,
        cohorts.dimension_value,
        cohorts.dimension_value as manager_key,
        cohorts.n_assigned as n_reports_assigned,
        cohorts.n_assigned_completed as n_reports_completed,
        cohorts.completion_rate,
        cohorts.completion_rate_low,
        cohorts.completion_rate_high,
        cohorts.n_completed,
        cohorts.n_eligible,
        cohorts.n_adopted,
        cohorts.adoption_rate,
        cohorts.adoption_rate_low,
        cohorts.adoption_rate_high,
        activations.activation_status,
        activations.activation_lead_days,
        activations.activation_lead_bin,
        manager_use.is_adopted as manager_is_adopted,
        {% for span in ['30_60', '60_90'] %}
        {% set at_risk = 'reversions.n_at_risk_' ~ span %}
        {% set reverted = 'reversions.n_reverted_' ~ span %}
        coalesce({{ at_risk }}, 0) as n_at_risk_{{ span }},
        coalesce({{ reverted }}, 0) as n_reverted_{{ span }},
        {{ safe_rate(reverted, at_risk) }} as reversion_rate_{{ span }},
        {{ wilson_low(reverted, at_risk) }} as reversion_rate_{{ span }}_low,
        {{ wilson_high(reverted, at_risk) }} as reversion_rate_{{ span }}_high,
        {% endfor %}
        case
            when {{ is_ranked }}
                then cast(rank() over (
                    partition by
                        cohorts.program_id, cohorts.tool_id, cohorts.checkpoint_day, {{ is_ranked }}
                    order by cohorts.adoption_rate desc nulls last
                ) as bigint)
        end as adoption_rank,
        cohorts.is_suppressed,
        cohorts.suppression_reason,
        cohorts.as_of_date,
        cohorts.rules_hash

    from cohorts

    left join activations
        on cohorts.program_id = activations.program_id
        and cohorts.tool_id = activations.tool_id
        and cohorts.dimension_value = activations.manager_group

    left join reversions
        on cohorts.program_id = reversions.program_id
        and cohorts.tool_id = reversions.tool_id
        and cohorts.dimension_value = reversions.manager_group

    left join manager_use
        on cohorts.dimension_value = manager_use.manager_key
        and cohorts.tool_id = manager_use.tool_id
        and cohorts.checkpoint_day = manager_use.checkpoint_day

)

select * from manager_cohorts
