{#- The six failure modes of a program: the share that is asked for, whether it is a share of people (with an interval, and
    hidden when few), what is lacking where nothing can be counted or too much is unknown, and what is counted. -#}
{% macro failure_modes() %}
    {{ return({
        'generic_content': {
            'threshold': var('role_specific_share'), 'is_of_people': true, 'nothing': 'completions',
            'unknown': 'role_of_courses', 'counted': 'completions were of role-specific courses',
        },
        'no_practice': {
            'threshold': var('readiness_tool_share'), 'is_of_people': true, 'nothing': 'completions',
            'unknown': 'licence_feed', 'counted': 'trained units had access to the tool on the index date',
        },
        'no_manager_involvement': {
            'threshold': var('readiness_manager_share'), 'is_of_people': true, 'nothing': 'known_managers',
            'unknown': 'known_managers', 'counted': 'managers were enabled in time before their first report completed',
        },
        'inputs_not_outcomes': {
            'threshold': 1, 'is_of_people': false, 'nothing': 'completions',
            'unknown': 'checkpoints_to_come', 'counted': 'measures of the outcome are there',
        },
        'one_time_event': {
            'threshold': var('follow_up_share'), 'is_of_people': true, 'nothing': 'completions',
            'unknown': 'follow_up_time', 'counted': 'trained units had another course of the tool within '
            ~ var('follow_up_days') ~ ' days',
        },
        'change_underfunded': {
            'threshold': var('change_budget_share'), 'is_of_people': false, 'nothing': 'budgets',
            'unknown': 'budgets', 'counted': '',
        },
    }) }}
{% endmacro %}

{#- pass, warn or fail of a share; a share below what is asked for and not below diagnostic_warn_share of it warns. -#}
{% macro diagnostic_verdict(share, threshold) -%}
    case
        when {{ share }} >= {{ threshold }} - 1e-9 then 'pass'
        when {{ share }} >= {{ var('diagnostic_warn_share') }}e0 * {{ threshold }} - 1e-9 then 'warn'
        when {{ share }} is not null then 'fail'
    end
{%- endmacro %}
