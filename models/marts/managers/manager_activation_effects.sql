-- One row per program, tool, N, dimension and value: adoption and reversion of reports by the
-- activation of their manager, and the difference from reports of managers never activated.
--
-- Observational: managers chose, or were chosen, to be trained first. The verdict is that of the
-- adjusted difference, among reports of the same role group and baseline; the crude one stands
-- beside it. Few people or managers have no number. Intervals are of Student's t with the managers
-- of the smaller side less one: with 20 a side normal ones are too short. Differences are rounded
-- to nine decimals, so that the order in which teams are summed does not show.

{#- One manager has no spread. -#}
{% set min_managers = [2, var('effect_min_clusters') | int] | max %}

with

counts as (

    select * from {{ ref('int_activation_counts') }}

),

estimates as (

    select * from {{ ref('int_activation_estimates') }}

),

{% for comparison in ['crude', 'adjusted'] %}
{{ comparison }} as (

    select
        *,
        least(n_treated, n_controls) >= {{ display_floor() }} as has_people,
        nullif(least(n_treated_clusters, n_control_clusters), 0) - 1 as freedom,
        least(n_treated_clusters, n_control_clusters) >= {{ min_managers }}
        -- Nobody's adoption differed from anybody's, up to rounding.
        and coalesce(standard_error, 0) >= 1e-9 as has_managers

    from estimates

    where comparison = '{{ comparison }}'

),

{% endfor %}
benchmark as (

    select
        100 * max(case when metric_id = 'manager_effect_points' then low end)
            as benchmark_low_points,
        100 * max(case when metric_id = 'manager_effect_points' then high end)
            as benchmark_high_points

    from {{ ref('stg_reference__benchmarks') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- one value : zero or one crude and adjusted estimate (none: nobody can be judged, or the value is
-- the reference or unknown); the one row of benchmarks and of settings.
compared as (

    select
        counts.*,
        max(case when counts.dimension_value = 'not_activated' then counts.n_eligible end)
            over one_cell as n_reference_eligible,
        max(case when counts.dimension_value = 'not_activated' then counts.n_managers end)
            over one_cell as n_reference_managers,
        counts.dimension_value not in ('not_activated', 'unknown') as is_compared,
        {% for comparison in ['crude', 'adjusted'] %}
        coalesce({{ comparison }}.has_people, false) as has_{{ comparison }}_people,
        coalesce({{ comparison }}.has_people and {{ comparison }}.has_managers, false)
            as has_{{ comparison }},
        100 * {{ comparison }}.difference as {{ comparison }}_points,
        100 * {{ comparison }}.standard_error as {{ comparison }}_error,
        nullif({{ comparison }}.freedom, 0) as {{ comparison }}_freedom,
        {% endfor %}
        coalesce(adjusted.n_treated, 0) as n_alike,
        coalesce(adjusted.n_controls, 0) as n_reference_alike,
        coalesce(adjusted.n_strata, 0) as n_strata,
        benchmark.benchmark_low_points,
        benchmark.benchmark_high_points,
        settings.as_of_date,
        settings.rules_hash

    from counts

    {% for comparison in ['crude', 'adjusted'] %}
    left join {{ comparison }}
        on counts.program_id = {{ comparison }}.program_id
        and counts.tool_id = {{ comparison }}.tool_id
        and counts.checkpoint_day = {{ comparison }}.checkpoint_day
        and counts.dimension_value = {{ comparison }}.dimension_value

    {% endfor %}
    cross join benchmark

    cross join settings

    window one_cell as (
        partition by
            counts.program_id, counts.tool_id, counts.checkpoint_day, counts.dimension
    )

),

with_intervals as (

    select
        *,
        {% for comparison in ['crude', 'adjusted'] %}
        {% set half = t_95(comparison ~ '_freedom') ~ ' * ' ~ comparison ~ '_error' %}
        {{ comparison }}_points - {{ half }} as {{ comparison }}_low,
        {{ comparison }}_points + {{ half }} as {{ comparison }}_high,
        {% endfor %}
        adjusted_points / nullif(adjusted_error, 0) as t,
        -- Seen with a probability of 80%, at 5% two-sided.
        ({{ t_95('adjusted_freedom') }} + {{ z_power_80() }}) * adjusted_error
            as smallest_detectable_points

    from compared

),

with_roots as (

    select
        *,
        {{ t_root('t', 'adjusted_freedom') }} as root

    from with_intervals

),

with_deviates as (

    select
        *,
        {{ normal_of_t_root('root', 'adjusted_freedom') }} as z

    from with_roots

),

tested as (

    select
        *,
        {{ student_p('t', 'adjusted_freedom', 'z') }} as p_value

    from with_deviates

),

judged as (

    select
        *,
        case
            when not is_compared then null
            when not has_crude_people then 'few_people'
            when not has_crude then 'few_managers'
            when not has_adjusted then 'few_alike'
            when
                p_value >= 0.05
                and smallest_detectable_points > {{ var('effect_relevant_points') }}
                then 'small_sample'
        end as verdict_reason

    from tested

),

manager_activation_effects as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        dimension,
        dimension_value,
        'observational' as evidence_kind,
        n_managers,
        n_completed,
        n_eligible,
        n_adopted,
        {{ safe_rate('n_adopted', 'n_eligible') }} as adoption_rate,
        {{ wilson_low('n_adopted', 'n_eligible') }} as adoption_rate_low,
        {{ wilson_high('n_adopted', 'n_eligible') }} as adoption_rate_high,
        {% for span in ['30_60', '60_90'] %}
        {% set at_risk = 'n_at_risk_' ~ span %}
        {% set reverted = 'n_reverted_' ~ span %}
        {{ at_risk }},
        {{ reverted }},
        {{ safe_rate(reverted, at_risk) }} as reversion_rate_{{ span }},
        {{ wilson_low(reverted, at_risk) }} as reversion_rate_{{ span }}_low,
        {{ wilson_high(reverted, at_risk) }} as reversion_rate_{{ span }}_high,
        {% endfor %}
        n_reference_eligible,
        n_reference_managers,
        {% for comparison, prefix in {'crude': '', 'adjusted': 'adjusted_'}.items() %}
        {% for column, expression in {
            'difference_points': '_points',
            'standard_error_points': '_error',
            'difference_points_low': '_low',
            'difference_points_high': '_high',
        }.items() %}
        case
            when has_crude and has_{{ comparison }} then round({{ comparison }}{{ expression }}, 9)
        end as {{ prefix }}{{ column }},
        {% endfor %}
        {% endfor %}
        {% for column in ['p_value', 'smallest_detectable_points'] %}
        case when has_crude and has_adjusted then round({{ column }}, 9) end as {{ column }},
        {% endfor %}
        case when is_compared then n_alike end as n_alike,
        case when is_compared then n_reference_alike end as n_reference_alike,
        case
            when is_compared
                then n_eligible + n_reference_eligible - n_alike - n_reference_alike
        end as n_unsupported,
        case when is_compared then n_strata end as n_strata,
        benchmark_low_points,
        benchmark_high_points,
        case
            when not has_crude or not has_adjusted then null
            when benchmark_low_points is null or benchmark_high_points is null then null
            when adjusted_high < benchmark_low_points then 'below'
            when adjusted_low > benchmark_high_points then 'above'
            else 'overlapping'
        end as benchmark_comparison,
        case
            when not is_compared then null
            when verdict_reason is not null then 'cannot tell'
            when p_value >= 0.05 then 'no significant difference'
            else 'effect'
        end as verdict,
        verdict_reason,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from manager_activation_effects
