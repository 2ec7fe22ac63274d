-- One row per program, tool, manager and N, as BI may read it: small teams hidden.
--
-- The manager's own use is never published: it is a row about one person. Reversion needs its own
-- denominator at or above the display floor.

with

{% set floor = display_floor() %}
manager_cohorts as (

    select * from {{ ref('manager_cohorts') }}

),

judged as (

    select
        *,
        coalesce(n_reports_assigned >= {{ floor }}, false) as shows_completion,
        coalesce(n_eligible >= {{ floor }}, false) as shows_adoption,
        coalesce(n_at_risk_30_60 >= {{ floor }}, false) as shows_reversion_30_60,
        coalesce(n_at_risk_60_90 >= {{ floor }}, false) as shows_reversion_60_90

    from manager_cohorts

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        manager_key,
        {{ shown_where('shows_completion', [
            'n_reports_assigned', 'n_reports_completed', 'completion_rate', 'completion_rate_low',
            'completion_rate_high'
        ]) }},
        {{ shown_where('shows_adoption', [
            'n_completed', 'n_eligible', 'n_adopted', 'adoption_rate', 'adoption_rate_low',
            'adoption_rate_high', 'activation_status', 'activation_lead_days',
            'activation_lead_bin', 'adoption_rank'
        ]) }},
        {{ shown_where('shows_reversion_30_60', [
            'n_at_risk_30_60', 'n_reverted_30_60', 'reversion_rate_30_60',
            'reversion_rate_30_60_low', 'reversion_rate_30_60_high'
        ]) }},
        {{ shown_where('shows_reversion_60_90', [
            'n_at_risk_60_90', 'n_reverted_60_90', 'reversion_rate_60_90',
            'reversion_rate_60_90_low', 'reversion_rate_60_90_high'
        ]) }},
        cast(null as boolean) as manager_is_adopted,
        not shows_completion
        or not shows_adoption
        or not shows_reversion_30_60
        or not shows_reversion_60_90
            as is_suppressed,
        {{ suppression_reasons({
            'few_assigned': 'shows_completion',
            'few_eligible': 'shows_adoption',
            'few_adopted_at_30': 'shows_reversion_30_60',
            'few_adopted_at_60': 'shows_reversion_60_90',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
