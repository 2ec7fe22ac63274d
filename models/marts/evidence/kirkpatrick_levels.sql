-- One row per program and level: reaction, knowledge, behaviour, results, side by side, each with
-- how many could have been asked and how many answered.
--
-- Figures of other levels are NULL. Means are rounded to nine decimals, so that the order in which
-- answers are summed does not show. Where self-report and usage disagree, both stand here.

with

counts as (

    select * from {{ ref('int_kirkpatrick_counts') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

{% set levels = [
    {'name': 'reaction', 'could': 'n_asked', 'answered': 'n_reaction', 'counts': [
        'n_reaction_rated'
    ], 'sources': {'reaction_surveys': 'n_reaction > 0'}},
    {'name': 'knowledge', 'could': 'n_asked', 'answered': 'n_knowledge', 'counts': [
        'n_knowledge_pairs', 'n_exams'
    ], 'sources': {
        'knowledge_surveys': 'n_knowledge_pairs > 0', 'exam_scores': 'n_exams > 0'
    }},
    {'name': 'behavior', 'could': 'n_asked_later', 'answered': 'n_behavior', 'counts': [
        'n_self_reported', 'n_with_example', 'n_eligible', 'n_adopted', 'n_reported_and_judged',
        'n_example_and_adopted', 'n_example_not_adopted', 'n_adopted_without_example', 'n_neither',
        'n_observed', 'n_observed_rated'
    ], 'sources': {
        'usage': 'n_eligible > 0', 'self_reports': 'n_self_reported > 0',
        'manager_observations': 'n_observed > 0',
    }},
    {'name': 'results', 'could': 'n_counted', 'answered': 'n_with_outcomes', 'counts': [],
     'sources': {'outcomes': 'n_with_outcomes > 0'}},
] %}
{% set sums = {
    'reaction': ['sum_reaction'],
    'knowledge': ['sum_knowledge_pre', 'sum_knowledge_post', 'sum_exam'],
    'behavior': ['sum_observation'],
    'results': [],
} %}
levels as (

    {% for level in levels %}
    select
        program_id,
        {{ loop.index }} as level_number,
        '{{ level.name }}' as level_name,
        n_completed,
        {{ level.could }} as n_could_answer,
        {{ level.answered }} as n_answered,
        {% for other in levels %}
        {% for name in other.counts %}
        {{ name if other.name == level.name else 'cast(null as bigint)' }} as {{ name }},
        {% endfor %}
        {% for name in sums[other.name] %}
        {{ name if other.name == level.name else 'cast(null as double)' }} as {{ name }},
        {% endfor %}
        {% endfor %}
        {{ suppression_reasons(level.sources) }} as missing_evidence,
        case
            when {{ level.answered }} > 0 then null
            when {{ level.could }} = 0 then 'too_early'
            else 'no_{{ level.name }}_evidence'
        end as not_measured_reason

    from counts

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many levels : the one row of settings.
kirkpatrick_levels as (

    select
        levels.program_id,
        levels.level_number as level, -- noqa: RF04
        levels.level_name,
        levels.n_answered > 0 as is_measured,
        levels.not_measured_reason,
        levels.missing_evidence,
        levels.n_completed,
        levels.n_could_answer,
        levels.n_answered,
        {{ safe_rate('levels.n_answered', 'levels.n_could_answer') }} as coverage_rate,
        {{ wilson_low('levels.n_answered', 'levels.n_could_answer') }} as coverage_rate_low,
        {{ wilson_high('levels.n_answered', 'levels.n_could_answer') }} as coverage_rate_high,
        levels.n_reaction_rated,
        round({{ safe_rate('levels.sum_reaction', 'levels.n_reaction_rated') }}, 9)
            as reaction_mean,
        levels.n_knowledge_pairs,
        {% for moment in ['pre', 'post'] %}
        round({{ safe_rate('levels.sum_knowledge_' ~ moment, 'levels.n_knowledge_pairs') }}, 9)
            as knowledge_{{ moment }}_mean,
        {% endfor %}
        levels.n_exams,
        round({{ safe_rate('levels.sum_exam', 'levels.n_exams') }}, 9) as exam_score_mean,
        levels.n_self_reported,
        {{ safe_rate('levels.n_self_reported', 'levels.n_could_answer') }} as self_report_rate,
        levels.n_with_example,
        {% set without = '(levels.n_self_reported - levels.n_with_example)' %}
        {{ safe_rate(without, 'levels.n_self_reported') }} as without_example_rate,
        {{ wilson_low(without, 'levels.n_self_reported') }} as without_example_rate_low,
        {{ wilson_high(without, 'levels.n_self_reported') }} as without_example_rate_high,
        case
            when
                {{ safe_rate(without, 'levels.n_self_reported') }}
                > cast({{ var('example_failing_share') }} as double)
                then 'failing'
            when levels.n_self_reported > 0 then 'passing'
        end as example_verdict,
        levels.n_eligible,
        levels.n_adopted,
        {{ safe_rate('levels.n_adopted', 'levels.n_eligible') }} as adoption_rate,
        {{ wilson_low('levels.n_adopted', 'levels.n_eligible') }} as adoption_rate_low,
        {{ wilson_high('levels.n_adopted', 'levels.n_eligible') }} as adoption_rate_high,
        levels.n_reported_and_judged,
        levels.n_example_and_adopted,
        levels.n_example_not_adopted,
        levels.n_adopted_without_example,
        levels.n_neither,
        {{ safe_rate(
            '(levels.n_example_not_adopted + levels.n_adopted_without_example)',
            'levels.n_reported_and_judged'
        ) }} as disagreement_rate,
        levels.n_observed,
        levels.n_observed_rated,
        round({{ safe_rate('levels.sum_observation', 'levels.n_observed_rated') }}, 9)
            as observation_mean,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        settings.as_of_date,
        settings.rules_hash

    from levels

    cross join settings

)

select * from kirkpatrick_levels
