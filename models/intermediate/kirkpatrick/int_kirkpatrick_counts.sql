-- One row per program: units with evidence of each level, and the sums of their answers.
--
-- Units, not people: an answer speaks for each tool of the program.

with

evidence as (

    select * from {{ ref('int_unit_evidence') }}

),

{% set reported = 'is_asked_later and has_behavior_90d' %}
{% set both = reported ~ ' and is_eligible' %}
{% set pair = (
    'is_asked and knowledge_pre_number is not null and knowledge_post_number is not null'
) %}
{% set counts = {
    'n_completed': 'true',
    'n_asked': 'is_asked',
    'n_reaction': 'is_asked and has_reaction',
    'n_reaction_rated': 'is_asked and reaction_number is not null',
    'n_knowledge': 'is_asked and (has_knowledge_post or exam_score is not null)',
    'n_knowledge_pairs': pair,
    'n_exams': 'is_asked and exam_score is not null',
    'n_asked_later': 'is_asked_later',
    'n_behavior': 'is_asked_later and (is_eligible or has_behavior_90d or has_manager_observation)',
    'n_self_reported': reported,
    'n_with_example': reported ~ ' and has_example',
    'n_eligible': 'is_eligible',
    'n_adopted': 'is_adopted',
    'n_reported_and_judged': both,
    'n_example_and_adopted': both ~ ' and has_example and is_adopted',
    'n_example_not_adopted': both ~ ' and has_example and not is_adopted',
    'n_adopted_without_example': both ~ ' and not has_example and is_adopted',
    'n_neither': both ~ ' and not has_example and not is_adopted',
    'n_observed': 'is_asked_later and has_manager_observation',
    'n_observed_rated': 'is_asked_later and manager_observation_number is not null',
    'n_counted': 'is_counted',
    'n_with_outcomes': 'is_counted and has_outcomes',
} %}
{% set sums = {
    'sum_reaction': ['is_asked', 'reaction_number'],
    'sum_knowledge_pre': [pair, 'knowledge_pre_number'],
    'sum_knowledge_post': [pair, 'knowledge_post_number'],
    'sum_exam': ['is_asked', 'exam_score'],
    'sum_observation': ['is_asked_later', 'manager_observation_number'],
} %}
counts as (

    select
        {% for name, condition in counts.items() %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
        {% endfor %}
        {% for name, parts in sums.items() %}
        sum(case when {{ parts[0] }} then {{ parts[1] }} end) as {{ name }},
        {% endfor %}
        program_id

    from evidence

    group by program_id

)

select * from counts
