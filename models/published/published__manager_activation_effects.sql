-- One row per program, tool, N, dimension and value, as BI may read it: groups and comparisons of
-- few people hidden. What has no number keeps its verdict, `cannot tell`.

with

{% set floor = display_floor() %}
effects as (

    select * from {{ ref('manager_activation_effects') }}

),

judged as (

    select
        *,
        n_eligible >= {{ floor }} as shows_adoption,
        n_at_risk_30_60 >= {{ floor }} as shows_reversion_30_60,
        n_at_risk_60_90 >= {{ floor }} as shows_reversion_60_90,
        n_reference_eligible >= {{ floor }} as shows_reference,
        n_eligible >= {{ floor }} and n_reference_eligible >= {{ floor }} as shows_difference,
        -- What is compared with nothing has nothing to hide.
        verdict is null
        or (
            n_eligible >= {{ floor }}
            and n_alike >= {{ floor }}
            and n_reference_alike >= {{ floor }}
            -- The crude and the adjusted difference together tell who adopted of the others.
            and (n_eligible = n_alike or n_eligible - n_alike >= {{ floor }})
            and (
                n_reference_eligible = n_reference_alike
                or n_reference_eligible - n_reference_alike >= {{ floor }}
            )
        ) as shows_adjusted

    from effects

),

published as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        evidence_kind,
        {{ shown_where('shows_adoption', [
            'n_managers', 'n_completed', 'n_eligible', 'n_adopted', 'adoption_rate',
            'adoption_rate_low', 'adoption_rate_high'
        ]) }},
        {% for span in ['30_60', '60_90'] %}
        {{ shown_where('shows_reversion_' ~ span, [
            'n_at_risk_' ~ span, 'n_reverted_' ~ span, 'reversion_rate_' ~ span,
            'reversion_rate_' ~ span ~ '_low', 'reversion_rate_' ~ span ~ '_high'
        ]) }},
        {% endfor %}
        {{ shown_where('shows_reference', ['n_reference_eligible', 'n_reference_managers']) }},
        {{ shown_where('shows_difference', [
            'difference_points', 'standard_error_points', 'difference_points_low',
            'difference_points_high'
        ]) }},
        {{ shown_where('shows_adjusted', [
            'adjusted_difference_points', 'adjusted_standard_error_points',
            'adjusted_difference_points_low', 'adjusted_difference_points_high', 'p_value',
            'smallest_detectable_points', 'n_alike', 'n_reference_alike', 'n_unsupported',
            'n_strata'
        ]) }},
        benchmark_low_points,
        benchmark_high_points,
        {{ shown_where('shows_adjusted', ['benchmark_comparison']) }},
        verdict,
        verdict_reason,
        not shows_adoption
        or not shows_reversion_30_60
        or not shows_reversion_60_90
        or not shows_reference
        or not shows_adjusted
            as is_suppressed,
        {{ suppression_reasons({
            'few_eligible': 'shows_adoption',
            'few_adopted_at_30': 'shows_reversion_30_60',
            'few_adopted_at_60': 'shows_reversion_60_90',
            'few_in_the_reference': 'shows_reference',
            'few_alike': 'shows_adjusted',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
