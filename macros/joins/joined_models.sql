{#- Models whose joins join_audit counts, by name; vendors' only when they are enabled. dbt cannot know
    them by itself: dependencies are fixed before declarations can be read. `certgap guards` compares
    this list with the declarations. -#}
{% macro joined_models_of_this_project() %}
    {%- set models = [
        'adoption_rates',
        'certification_gaps',
        'dim_courses',
        'dim_employees',
        'dim_metric_rules',
        'dim_tools',
        'fct_completions',
        'fct_learner_tool_checkpoints',
        'fct_learner_tool_days',
        'int_alias_owners',
        'int_baseline_use',
        'int_baselines',
        'int_checkpoint_blocks',
        'int_checkpoint_coverage',
        'int_checkpoint_leave',
        'int_checkpoint_licences',
        'int_checkpoint_statuses',
        'int_checkpoint_use',
        'int_checkpoint_use_weekly',
        'int_checkpoints',
        'int_course_links',
        'int_course_tool_ties',
        'int_coverage_days',
        'int_delivered_days',
        'int_delivered_spans',
        'int_due_assignments',
        'int_employment_intervals',
        'int_employment_on_dates',
        'int_employment_versions',
        'int_learning_events_matched',
        'int_manager_enablement',
        'int_manager_use',
        'int_managers_on_dates',
        'int_people_on_dates',
        'int_program_courses',
        'int_program_requirements',
        'int_report_settings',
        'int_reported_deliveries',
        'int_seat_intervals',
        'int_segment_spans',
        'int_tool_coverage',
        'int_tool_training_events',
        'int_training_events',
        'int_unit_activations',
        'int_unit_checkpoints',
        'int_unit_completions',
        'int_unit_events',
        'int_units',
        'int_usage_alias_owners',
        'int_usage_periods_matched',
        'int_usage_rows_matched',
        'int_usage_segments',
        'int_usage_weeks',
        'manager_cohorts',
    ] -%}
    {%- set models_of_vendors = {
        'bamboohr': [
            'base_bamboohr__job_info',
            'stg_bamboohr__employment_history',
            'stg_bamboohr__job_managers',
            'stg_bamboohr__supervisors',
        ],
        'cornerstone': [
            'stg_cornerstone__learning_events',
        ],
        'generic': [
            'stg_generic__usage_months',
        ],
        'github_copilot': [
            'base_github_copilot__seats',
        ],
        'successfactors_ec': [
            'base_successfactors_ec__per_email',
        ],
        'workday': [
            'base_workday__worker_leave_status',
            'stg_workday__email_rows',
            'stg_workday__employees',
            'stg_workday__employment_history',
            'stg_workday__organization_lines',
            'stg_workday__organization_managers',
            'stg_workday__position_cost_centers',
            'stg_workday__position_organizations',
            'stg_workday__position_parts',
            'stg_workday__position_periods',
            'stg_workday__position_placements',
            'stg_workday__position_rows',
        ],
        'workday_learning': [
            'stg_workday_learning__report_entries',
        ],
    } -%}
    {%- for vendor, names in models_of_vendors.items() if vendor in var('enabled_sources') -%}
        {%- do models.extend(names) -%}
    {%- endfor -%}
    {{ return(models) }}
{% endmacro %}
