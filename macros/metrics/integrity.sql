{#- The rules of completion_integrity: rule → its flag of a completed unit (NULL: the rule cannot judge the unit), and why
    a group is not measured: words, each with the condition, over the counts of the group, under which they hold. -#}
{% macro integrity_rules() %}
    {{ return({
        'implausibly_short': {
            'flag': 'is_implausibly_short',
            'reasons': {'no_durations': 'n_with_duration = 0', 'no_course_durations': 'true'},
        },
        'perfect_score_burst': {
            'flag': 'is_in_perfect_score_burst',
            'reasons': {'no_scores': 'n_with_score = 0', 'no_times_of_day': 'true'},
        },
        'identical_answers': {
            'flag': 'has_identical_answer',
            'reasons': {'no_answers_in_words': 'true'},
        },
        'deadline_spike': {
            'flag': 'is_in_deadline_spike',
            'reasons': {'no_completions_before_a_deadline': 'true'},
        },
        'any_rule': {'flag': 'is_suspicious', 'reasons': {'no_rule_can_judge': 'true'}},
        'no_rule': {'flag': 'is_suspicious', 'reasons': {'no_rule_can_judge': 'true'}},
    }) }}
{% endmacro %}
