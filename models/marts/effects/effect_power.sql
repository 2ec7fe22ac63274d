-- One row per program, tool, estimator and assumed effect: how surely the comparison of
-- training_effects as it stands would have found such an effect, and how many people and managers
-- the next program needs to find it. For planning: it says nothing about what the training did.

with

overall_effects as (

    select
        *,
        -- Of the interval: normal, or Student's t of the managers there are.
        smallest_detectable_points / nullif(standard_error_points, 0) - {{ z_power_80() }}
            as quantile

    from {{ ref('training_effects') }}

    where aggregation = 'overall'

),

assumptions as (

    {% for points in var('effect_planning_points') %}
    select {{ points }} as assumed_points

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many figures : every assumed effect.
with_assumptions as (

    select
        overall_effects.program_id,
        overall_effects.tool_id,
        overall_effects.estimator,
        assumptions.assumed_points,
        overall_effects.standard_error_points,
        overall_effects.n_treated,
        overall_effects.n_treated_clusters,
        assumptions.assumed_points / overall_effects.standard_error_points
        - overall_effects.quantile as found_deviate,
        -assumptions.assumed_points / overall_effects.standard_error_points
        - overall_effects.quantile as wrong_sign_deviate,
        -- Errors fall with the root of the number of managers and their people.
        power(overall_effects.smallest_detectable_points / assumptions.assumed_points, 2)
            as times_as_many,
        case
            when overall_effects.standard_error_points is null then overall_effects.verdict_reason
        end as reason_for_no_number,
        overall_effects.as_of_date,
        overall_effects.rules_hash

    from overall_effects

    cross join assumptions

),

with_tails as (

    select
        *,
        {{ two_sided_p('found_deviate') }} / 2 as found_tail,
        {{ two_sided_p('wrong_sign_deviate') }} / 2 as wrong_sign_tail

    from with_assumptions

),

effect_power as (

    select
        program_id,
        tool_id,
        estimator,
        assumed_points,
        'observational' as evidence_kind,
        standard_error_points,
        round(
            case when found_deviate < 0 then found_tail else 1 - found_tail end + wrong_sign_tail, 9
        ) as power_rate,
        n_treated,
        n_treated_clusters,
        -- greatest() passes over a NULL, which is no number here. Every manager has a report.
        {% for column, count in {
            'n_treated_needed': 'n_treated', 'n_treated_clusters_needed': 'n_treated_clusters'
        }.items() %}
        case
            when times_as_many is not null
                then cast(greatest(
                    ceil(round({{ count }} * times_as_many, 6)),
                    {{ var('effect_min_clusters') }}
                ) as bigint)
        end as {{ column }},
        {% endfor %}
        reason_for_no_number,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from with_tails

)

select * from effect_power
