-- One row per program and level, as BI may read it: each figure needs enough units behind it. Self-
-- report and use of the same people are hidden where they would tell of the few who have only one,
-- figures of a program where they would leave few over of `all`.

with

{% set floor = display_floor() %}
{% set own = {
    'could_answer': 'n_could_answer', 'rated': 'n_reaction_rated', 'pairs': 'n_knowledge_pairs',
    'exams': 'n_exams', 'reported': 'n_self_reported', 'eligible': 'n_eligible',
    'observed': 'n_observed', 'observed_rated': 'n_observed_rated'
} %}
levels as (

    select * from {{ ref('kirkpatrick_levels') }}

),

with_rest as (

    select
        {% for count in ['n_completed', 'n_reported_and_judged'] + own.values() | list %}
        {{ beside_programs(count, 'level') }},
        {% endfor %}
        *

    from levels

),

judged as (

    select
        *,
        n_completed >= {{ floor }}
        and {{ is_apart_from_all('n_completed') }} as shows_completed,
        {% for name, count in own.items() %}
        coalesce({{ count }} >= {{ floor }}, false)
        and {{ is_apart_from_all(count) }} as shows_{{ name }},
        {% endfor %}
        coalesce(n_reported_and_judged >= {{ floor }}, false)
        and {{ is_apart_from_all('n_reported_and_judged') }}
        and {{ none_or_enough('n_self_reported - n_reported_and_judged') }}
        and {{ none_or_enough('n_eligible - n_reported_and_judged') }} as shows_both

    from with_rest

),

published as (

    select
        program_id,
        level,
        level_name,
        is_measured,
        not_measured_reason,
        missing_evidence,
        {{ shown_where('shows_completed', ['n_completed']) }},
        {{ shown_where('shows_could_answer', [
            'n_could_answer', 'n_answered', 'coverage_rate', 'coverage_rate_low',
            'coverage_rate_high'
        ]) }},
        {{ shown_where('shows_rated', ['n_reaction_rated', 'reaction_mean']) }},
        {{ shown_where('shows_pairs', [
            'n_knowledge_pairs', 'knowledge_pre_mean', 'knowledge_post_mean'
        ]) }},
        {{ shown_where('shows_exams', ['n_exams', 'exam_score_mean']) }},
        {{ shown_where('shows_reported and shows_could_answer', [
            'n_self_reported', 'self_report_rate',
            'n_with_example', 'without_example_rate', 'without_example_rate_low',
            'without_example_rate_high', 'example_verdict'
        ]) }},
        {{ shown_where('shows_eligible', [
            'n_eligible', 'n_adopted', 'adoption_rate', 'adoption_rate_low', 'adoption_rate_high'
        ]) }},
        {{ shown_where('shows_both', [
            'n_reported_and_judged', 'n_example_and_adopted', 'n_example_not_adopted',
            'n_adopted_without_example', 'n_neither', 'disagreement_rate'
        ]) }},
        {{ shown_where('shows_observed', ['n_observed']) }},
        {{ shown_where('shows_observed_rated', ['n_observed_rated', 'observation_mean']) }},
        not shows_completed
        {% for name, count in own.items() %}
        or (coalesce({{ count }}, 0) > 0 and not shows_{{ name }})
        {% endfor %}
        or (coalesce(n_reported_and_judged, 0) > 0 and not shows_both) as is_suppressed,
        {{ suppression_reasons({
            'few_completed': 'shows_completed',
            'few_could_answer': 'shows_could_answer or n_could_answer = 0',
            'few_reactions': 'shows_rated or coalesce(n_reaction_rated, 0) = 0',
            'few_knowledge_pairs': 'shows_pairs or coalesce(n_knowledge_pairs, 0) = 0',
            'few_exams': 'shows_exams or coalesce(n_exams, 0) = 0',
            'few_self_reports': 'shows_reported or coalesce(n_self_reported, 0) = 0',
            'few_eligible': 'shows_eligible or coalesce(n_eligible, 0) = 0',
            'few_with_only_one': 'shows_both or coalesce(n_reported_and_judged, 0) = 0',
            'few_observed': 'shows_observed_rated or coalesce(n_observed, 0) = 0',
        }) }} as suppression_reason,
        as_of_date,
        rules_hash

    from judged

)

select * from published
