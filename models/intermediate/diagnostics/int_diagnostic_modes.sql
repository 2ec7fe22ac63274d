-- One row per program and failure mode: numerator, denominator and how many are not known.

with

counts as (

    select * from {{ ref('int_diagnostic_counts') }}

),

{% set terms = {
    'generic_content': {
        'numerator': 'n_role_specific', 'denominator': 'n_known_completions',
        'unknown': 'n_completions - n_known_completions', 'nothing': 'n_completions = 0',
    },
    'no_practice': {
        'numerator': 'n_with_access', 'denominator': 'n_known_access',
        'unknown': 'n_units - n_known_access', 'nothing': 'n_units = 0',
    },
    'no_manager_involvement': {
        'numerator': 'n_managers_in_time', 'denominator': 'n_managers', 'unknown': '0',
        'nothing': 'n_managers = 0 or not has_enablement_course',
    },
    'inputs_not_outcomes': {
        'numerator': 'n_measures', 'denominator': 'n_all_measures - n_measures_to_come',
        'unknown': 'n_measures_to_come', 'nothing': 'n_units = 0',
    },
    'one_time_event': {
        'numerator': 'n_followed', 'denominator': 'n_known_follow_ups',
        'unknown': 'n_units - n_known_follow_ups', 'nothing': 'n_units = 0',
    },
    'change_underfunded': {
        'numerator': 'change_budget', 'denominator': 'training_budget + change_budget',
        'unknown': '0', 'nothing': 'coalesce(training_budget + change_budget, 0) <= 0',
    },
} %}
modes as (

    {% for mode, settings in failure_modes().items() %}
    {% set term = terms[mode] %}
    select
        program_id,
        '{{ mode }}' as failure_mode,
        n_people,
        {% for column in ['numerator', 'denominator'] %}
        case when not ({{ term.nothing }}) then cast({{ term[column] }} as double) end
            as {{ column }},
        {% endfor %}
        cast(case when {{ term.nothing }} then 0 else {{ term.unknown }} end as bigint)
            as n_unknown,
        {{ settings.threshold }}e0 as threshold_rate,
        {{ settings.is_of_people | lower }} as is_of_people,
        case
            {% if mode == 'no_manager_involvement' %}
            when not has_enablement_course then 'enablement_courses'
            {% endif %}
            when {{ term.nothing }} then '{{ settings.nothing }}'
        end as nothing_to_judge,
        {{ 'n_at_risk' if mode == 'one_time_event' else 'cast(null as bigint)' }} as n_at_risk,
        {{ 'n_reverted' if mode == 'one_time_event' else 'cast(null as bigint)' }} as n_reverted

    from counts

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- What is not known matters only where it could change the verdict.
judged as (

    select
        *,
        {{ diagnostic_verdict('numerator / (denominator + n_unknown)', 'threshold_rate') }}
            as verdict_if_none,
        {{ diagnostic_verdict(
            '(numerator + n_unknown) / (denominator + n_unknown)', 'threshold_rate'
        ) }} as verdict_if_all

    from modes

),

statuses as (

    select
        program_id,
        failure_mode,
        n_people,
        numerator,
        denominator,
        n_unknown,
        threshold_rate,
        is_of_people,
        case
            when nothing_to_judge is null and verdict_if_none = verdict_if_all
                then verdict_if_none
            else 'not measured'
        end as status,
        nothing_to_judge,
        n_at_risk,
        n_reverted

    from judged

)

select * from statuses
