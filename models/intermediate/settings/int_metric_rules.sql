-- One row per rule in force: each var that a definition reads and each row of the rule seeds.
--
-- Values are text in one fixed form, so that both engines give the same rules_hash. Numbers go
-- through decimal(18, 6) because engines print doubles differently.

with

{% set rule_vars = [
    'checkpoint_days', 'block_days', 'daily_use_days', 'habitual_blocks', 'leave_days',
    'baseline_days', 'completion_window_days', 'default_adoption_target', 'default_timezone',
    'curve_weeks_before', 'curve_weeks_after', 'lapse_days',
    'min_cell', 'equivalence_rounds', 'manager_chain_steps', 'segment_habit_weeks',
    'segment_power_actions', 'segment_novice_actions', 'effect_months', 'effect_leads',
    'effect_controls', 'effect_min_clusters', 'effect_relevant_points',
    'effect_planning_points', 'idle_days', 'portfolio_overlap_rate', 'portfolio_small_share',
    'readiness_tool_share', 'readiness_manager_share', 'manager_lead_days', 'role_specific_share',
    'follow_up_share', 'follow_up_days', 'change_budget_share', 'diagnostic_warn_share',
    'integrity_short_share', 'integrity_burst_people', 'integrity_burst_minutes',
    'integrity_same_answers', 'integrity_answer_characters', 'integrity_answer_days',
    'integrity_deadline_days', 'integrity_deadline_factor', 'integrity_deadline_people',
    'survey_days', 'survey_pre_days', 'example_failing_share', 'outcome_directions',
    'content_cadence_days', 'content_stale_releases', 'web_log_gap_days'
] %}
{% set rule_seeds = {
    'tools': ['tool_id', 'licence_model', 'restatement_lag_days#'],
    'course_tool_map': ['source_system', 'source_course_id', 'tool_id', 'valid_from', 'valid_to'],
    'programs': [
        'program_id', 'track', 'starts_on', 'ends_on', 'completion_rule',
        'completion_window_days#', 'adoption_target#', 'training_budget#', 'change_budget#'
    ],
    'program_courses': [
        'program_id', 'source_system', 'source_course_id', 'course_role', 'is_required'
    ],
    'role_groups': ['job_family', 'role_group', 'track', 'audience'],
    'program_waves': ['program_id', 'wave_id', 'starts_on'],
    'tool_releases': ['tool_id', 'release_name', 'released_on'],
    'benchmarks': ['metric_id', 'low#', 'high#'],
    'tool_domains': [
        'domain', 'tool_name', 'is_consumer_tool', 'approved_alternative_tool_id'
    ],
    'alias_overrides': ['alias_type', 'alias_value', 'employee_id', 'valid_from', 'valid_to'],
} %}
{% for seed in rule_seeds %}
{{ seed }} as (

    select * from {{ ref('stg_reference__' ~ seed) }}

),

{% endfor %}
rules as (

    {% for rule_var in rule_vars %}
    select
        'var' as rule_kind,
        'var {{ rule_var }}' as rule_name,
        '{{ var(rule_var) | string | replace("'", "") }}' as rule_value

    union all

    {% endfor %}
    {% for seed, columns in rule_seeds.items() %}
    select distinct
        'seed' as rule_kind,
        'seed {{ seed }}' as rule_name,
        {% for column in columns %}
        {% set name = column | replace('#', '') %}
        {% set decimal = 'cast(' ~ name ~ ' as decimal(18, 6))' %}
        {% set value = decimal if column.endswith('#') else name %}
        {{ "|| ', ' || " if not loop.first }}'{{ name }}='
        || coalesce(cast({{ value }} as string), '')
        {% endfor %}
            as rule_value

    from {{ seed }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from rules
