-- One row per program, tool, N, dimension and value, as BI may read it: small cells hidden.
--
-- Completion figures need n_assigned, adoption figures n_eligible at or above the display floor;
-- counts of completed units and of statuses need n_completed there. Nobody judged yet
-- (n_eligible = 0) hides no status count. Complementary suppression is not done here.

with

{% set floor = display_floor() %}
adoption_rates as (

    select * from {{ ref('adoption_rates') }}

),

judged as (

    select
        *,
        coalesce(n_assigned >= {{ floor }}, false) as shows_completion,
        coalesce(n_eligible >= {{ floor }}, false) as shows_adoption,
        coalesce(n_completed >= {{ floor }}, false)
        and coalesce(n_eligible >= {{ floor }} or n_eligible = 0, true) as shows_counts,
        coalesce(n_new >= {{ floor }}, false) and coalesce(n_eligible >= {{ floor }}, false)
            as shows_conversion,
        coalesce(n_existing >= {{ floor }}, false) and coalesce(n_eligible >= {{ floor }}, false)
            as shows_retention

    from adoption_rates

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        {{ shown_where('shows_completion', [
            'n_assigned', 'n_assigned_completed', 'completion_rate', 'completion_rate_low',
            'completion_rate_high'
        ]) }},
        {{ shown_where('shows_counts', [
            'n_completed', 'n_self_enrolled', 'n_eligible', 'judged_rate', 'n_window_open',
            'n_matured',
            'n_left_before_day_n', 'n_feed_gap', 'n_licence_unknown', 'n_no_licence', 'n_on_leave'
        ]) }},
        {{ shown_where('shows_adoption', [
            'n_adopted', 'adoption_rate', 'adoption_rate_low', 'adoption_rate_high',
            'adoption_rate_if_leavers_none', 'adoption_rate_if_leavers_all', 'n_tried',
            'n_habitual', 'n_daily', 'active_days_per_week', 'baseline_active_days_per_week',
            'active_days_per_week_change'
        ]) }},
        {{ shown_where('shows_conversion', [
            'n_new', 'n_new_adopted', 'conversion_rate', 'conversion_rate_low',
            'conversion_rate_high'
        ]) }},
        {{ shown_where('shows_retention', [
            'n_existing', 'n_existing_adopted', 'retention_rate', 'retention_rate_low',
            'retention_rate_high'
        ]) }},
        evidence,
        target_rate,
        benchmark_low,
        benchmark_high,
        not shows_completion
        or not shows_counts
        or not shows_adoption
        or not shows_conversion
        or not shows_retention
            as is_suppressed,
        {{ suppression_reasons({
            'few_assigned': 'shows_completion',
            'few_completed_or_eligible': 'shows_counts',
            'few_eligible': 'shows_adoption',
            'few_new_users': 'shows_conversion',
            'few_existing_users': 'shows_retention',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
