{#- on-run-start: stops on settings that would otherwise fail late or, worse, give wrong figures. -#}
{% macro check_settings() %}
    {% if execute %}
        {% do enabled_sources_catalog() %}
        {% do check_vars() %}
        {% do check_reference_folder() %}
        {% do check_pseudonym_key() %}
    {% endif %}
{% endmacro %}


{% macro check_vars() %}
    {% for name in ['as_of_date', 'received_until'] %}
        {% set value = (var(name) or '') | string | trim %}
        {% if value and not is_iso_date(value) %}
            {% do raise_setting_error(name, "empty or a date written YYYY-MM-DD") %}
        {% endif %}
    {% endfor %}

    {% set days = var('checkpoint_days') %}
    {% for name, example in {'checkpoint_days': '[30, 60, 90]', 'effect_planning_points': '[2, 5, 10]'}.items() %}
        {% set numbers = var(name) %}
        {% set wrong_numbers = [] %}
        {% if numbers is string or numbers is mapping or numbers is not iterable or not numbers %}
            {% do wrong_numbers.append(numbers) %}
        {% else %}
            {% for number in numbers if number is not integer or number < 1 or numbers.count(number) > 1 %}
                {% do wrong_numbers.append(number) %}
            {% endfor %}
        {% endif %}
        {% if wrong_numbers %}
            {% do raise_setting_error(name, "a list of different whole numbers above 0, such as " ~ example) %}
        {% endif %}
    {% endfor %}

    {% for name, least in {
        'min_cell': 5, 'block_days': 1, 'daily_use_days': 1, 'habitual_blocks': 1, 'leave_days': 1,
        'baseline_days': 1, 'completion_window_days': 0, 'equivalence_rounds': 1, 'manager_chain_steps': 1,
        'segment_habit_weeks': 1, 'segment_power_actions': 1, 'segment_novice_actions': 1, 'freshness_days': 0,
        'curve_weeks_before': 1, 'curve_weeks_after': 1, 'lapse_days': 7,
        'compared_publications': 0, 'effect_months': 3, 'effect_leads': 1, 'effect_min_clusters': 2,
        'effect_relevant_points': 1, 'manager_lead_days': 0, 'follow_up_days': 1, 'idle_days': 7,
        'integrity_burst_people': 2, 'integrity_burst_minutes': 1,
        'integrity_same_answers': 2, 'integrity_answer_characters': 1, 'integrity_answer_days': 0,
        'integrity_deadline_days': 1, 'integrity_deadline_factor': 1, 'integrity_deadline_people': 1,
        'survey_days': 0, 'survey_pre_days': 0, 'content_cadence_days': 1, 'content_stale_releases': 1,
        'web_log_gap_days': 0,
    }.items() %}
        {% if var(name) is boolean or var(name) is not integer or var(name) < least %}
            {% do raise_setting_error(name, "a whole number, at least " ~ least) %}
        {% endif %}
    {% endfor %}
    {% for name, limit, limit_name in [
        ('block_days', days | min, 'the first of checkpoint_days'),
        ('daily_use_days', var('block_days'), 'block_days'),
        ('leave_days', var('block_days'), 'block_days'),
        ('habitual_blocks', 4, 'the 4 blocks that are looked at'),
        ('segment_habit_weeks', 12, 'the 12 weeks that are looked at'),
        ('effect_leads', var('effect_months') - 2, 'two less than effect_months'),
        ('curve_weeks_before', 60 - var('curve_weeks_after'), 'what 60 weeks leave beside curve_weeks_after'),
    ] if var(name) > limit %}
        {% do raise_setting_error(name, "at most " ~ limit_name ~ " (" ~ limit ~ ")") %}
    {% endfor %}

    {% for name in ['default_adoption_target', 'readiness_tool_share', 'readiness_manager_share', 'role_specific_share',
        'follow_up_share', 'change_budget_share', 'diagnostic_warn_share', 'portfolio_overlap_rate',
        'portfolio_small_share', 'integrity_short_share', 'example_failing_share'] %}
        {% if var(name) is boolean or var(name) is not number or var(name) < 0 or var(name) > 1 %}
            {% do raise_setting_error(name, "a rate from 0 to 1, such as 0.40") %}
        {% endif %}
    {% endfor %}
    {% set directions = var('outcome_directions') %}
    {% if directions is not mapping or directions.values() | reject('in', ['up', 'down']) | list %}
        {% do raise_setting_error('outcome_directions', "a mapping from a metric_id to up or down") %}
    {% endif %}
    {% for name in ['default_timezone', 'docebo_timezone'] if var(name) not in modules.pytz.all_timezones %}
        {% do raise_setting_error(name, "an IANA time zone name, such as Europe/Berlin") %}
    {% endfor %}
    {% do check_tool_ids() %}
    {% if var('effect_controls') not in ['not_yet_treated', 'never_treated'] %}
        {% do raise_setting_error('effect_controls', "not_yet_treated or never_treated") %}
    {% endif %}
    {% if var('failed_deliveries') not in ['exclude', 'stop'] %}
        {% do raise_setting_error('failed_deliveries', "exclude or stop") %}
    {% endif %}
    {% set domains = var('company_mail_domains') %}
    {% if domains is string or domains is mapping or domains is not iterable or '@' in domains | join(' ') %}
        {% do raise_setting_error('company_mail_domains', "a list of mail domains without @, such as [example.com]") %}
    {% endif %}
    {% for name in ['workday_email_is_upn', 'work_email_is_upn', 'curve_managers', 'figures_of_managers']
        if var(name) is not boolean %}
        {% do raise_setting_error(name, "true or false") %}
    {% endfor %}
    {% set statuses = var('successfactors_statuses') %}
    {% if statuses is not mapping or statuses.keys() | sort != ['active', 'leave', 'terminated']
        or statuses.values() | select('string') | list or statuses.values() | reject('iterable') | list %}
        {% do raise_setting_error('successfactors_statuses', "a list of codes for each of active, leave and terminated") %}
    {% endif %}
{% endmacro %}


{#- A misspelt vendor would leave its use under another tool without a word. -#}
{% macro check_tool_ids() %}
    {% set tool_ids = var('tool_ids') or {} %}
    {% set vendors = [] %}
    {% for entry in source_catalog() if entry.get('tool_id') %}{% do vendors.append(entry.vendor) %}{% endfor %}
    {% set wrong = [] %}
    {% if tool_ids is not mapping %}
        {% do wrong.append(tool_ids) %}
    {% else %}
        {% for vendor, tool_id in tool_ids.items() %}
            {% if vendor not in vendors or not modules.re.match('^[A-Za-z0-9_.:-]+$', tool_id | string) %}
                {% do wrong.append(vendor) %}
            {% endif %}
        {% endfor %}
    {% endif %}
    {% if wrong %}
        {% do raise_setting_error('tool_ids', "a mapping from a usage vendor (" ~ vendors | join(', ')
            ~ ") to a tool_id of letters, digits and _ . : -") %}
    {% endif %}
{% endmacro %}


{% macro raise_setting_error(name, rule) %}
    {% do exceptions.raise_compiler_error(
        "The var " ~ name ~ " must be " ~ rule ~ "; it is: " ~ var(name)
        ~ ". Set it in dbt_project.yml or with --vars."
    ) %}
{% endmacro %}


{#- A seed that a model reads is missed by dbt while parsing; this names the others, and the folder. -#}
{% macro check_reference_folder() %}
    {% set seeds = [] %}
    {% for node in graph.nodes.values() if node.resource_type == 'seed' %}
        {% do seeds.append(node.name) %}
    {% endfor %}
    {% set folder = env_var('CERTGAP_REFERENCE', 'seeds') %}
    {% for name in reference_seeds() if name not in seeds %}
        {% do exceptions.raise_compiler_error(
            "The reference folder '" ~ folder ~ "' has no file " ~ name ~ ".csv. Every reference file must be"
            ~ " there; one that is not used holds the header line only (copy it from seeds/ of the project)."
        ) %}
    {% endfor %}
{% endmacro %}

{#- Every reference folder holds these; a vendor's own file only while the vendor is enabled. -#}
{% macro reference_seeds() %}
    {% set seeds = [
        'tools', 'course_tool_map', 'programs', 'program_courses', 'role_groups', 'benchmarks', 'tool_domains',
        'platform_contracts', 'alias_overrides', 'program_waves', 'program_wave_members', 'program_gates',
        'success_stories', 'tool_releases',
    ] %}
    {% do seeds.append('workday_learning_columns') if 'workday_learning' in var('enabled_sources') %}
    {% do return(seeds) %}
{% endmacro %}


{#- The key itself is never rendered: only whether it is set. -#}
{% macro check_pseudonym_key() %}
    {% set is_sample = env_var('CERTGAP_RAW', 'sample_data') == 'sample_data' %}
    {% if target.type == 'spark' %}
        {% set key_file = env_var('CERTGAP_PSEUDONYM_KEY_FILE', '') %}
        {% if not key_file.startswith('/') and '://' not in key_file %}
            {% do exceptions.raise_compiler_error(
                "On Spark the environment variable CERTGAP_PSEUDONYM_KEY_FILE must be the absolute path of a file that"
                ~ " only the operators of this build can read. Its one line is the secret from which pseudonyms are made."
            ) %}
        {% endif %}
    {% elif not is_sample and not env_var('CERTGAP_PSEUDONYM_KEY', '') %}
        {% do exceptions.raise_compiler_error(
            "The environment variable CERTGAP_PSEUDONYM_KEY is not set. Outside the bundled sample it must hold the"
            ~ " secret from which pseudonyms are made: set it to a long random text, the same in every run, and"
            ~ " keep it where only the operators of this build can read it."
        ) %}
    {% endif %}
{% endmacro %}
