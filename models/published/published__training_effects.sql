-- One row per program, tool, estimator, aggregation and value, as BI may read it: comparisons with
-- few people hidden. What has no number keeps its verdict, `cannot tell`.
--
-- Unsupported cells are in no figure already; a figure whose treated or controls are below the
-- display floor has none either, and its counts are hidden here. Programs are hidden together where
-- what they leave over of `all` is below it.

with

{% set floor = display_floor() %}
training_effects as (

    select * from {{ ref('training_effects') }}

),

with_rest as (

    select
        *,
        sum(case when program_id = 'all' then n_treated end) over one_figure
        - coalesce(sum(case
            when program_id <> 'all' and n_treated >= {{ floor }} then n_treated
        end) over one_figure, 0) as n_of_no_shown_program

    from training_effects

    window one_figure as (
        partition by tool_id, estimator, aggregation, aggregation_value
    )

),

-- Few people of `all` who are in no program shown could be had by subtraction.
with_distance as (

    select
        *,
        program_id = 'all'
        or coalesce(
            n_of_no_shown_program <= 0 or n_of_no_shown_program >= {{ floor }}, true
        ) as is_apart

    from with_rest

),

judged as (

    select
        *,
        n_treated >= {{ floor }} and is_apart as shows_treated,
        n_treated >= {{ floor }} and n_controls >= {{ floor }} and is_apart as shows_effect

    from with_distance

),

published as (

    select
        program_id,
        tool_id,
        estimator,
        aggregation,
        aggregation_value,
        event_month,
        is_lead,
        evidence_kind,
        control_group,
        {{ shown_where('shows_effect', [
            'effect_points', 'standard_error_points', 'effect_points_low', 'effect_points_high',
            'p_value', 'smallest_detectable_points', 'treated_rate', 'control_rate', 'e_value',
            'e_value_of_interval'
        ]) }},
        {{ shown_where('shows_treated', ['n_treated', 'n_treated_clusters']) }},
        {{ shown_where('shows_effect', [
            'n_controls', 'n_control_clusters', 'n_clusters', 'n_cells', 'n_dropped_cells'
        ]) }},
        pretrend_degrees_of_freedom,
        pretrend_p_value,
        verdict,
        verdict_reason,
        panel_first_date,
        panel_last_date,
        not shows_effect as is_suppressed,
        {{ suppression_reasons({
            'few_treated': 'shows_treated',
            'few_treated_or_controls': 'shows_effect',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
