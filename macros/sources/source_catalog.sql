{#- Every vendor the project can read: its category, the raw feeds with a base model
    (`base_<vendor>__<feed>`) and the canonical relations with a staging model (`stg_<vendor>__<relation>`).
    `count_rows` tells how to count a raw feed whose rows are documents of many elements; `snapshots` are feeds of
    which only the newest delivery is read, because it replaces the older ones; `usage_months` is the monthly model
    behind the vendor's tool_usage_daily, if it has one; `tool_id` is the tool a usage vendor speaks for, unless the
    var `tool_ids` names another.
    A new vendor adds an entry here, or names itself in `enabled_sources` as a mapping
    {vendor, category, feeds, relations}. `generic` has one entry per category. -#}
{% macro source_catalog() %}
    {% do return([
        {
            'vendor': 'workday', 'category': 'hris',
            'feeds': [
                'worker_history', 'worker_position_history', 'person_contact_email_address',
                'worker_leave_status', 'worker_position_organization_history', 'organization',
                'organization_role', 'organization_role_worker', 'job_family', 'job_family_job_profile',
                'location',
            ],
            'relations': ['employees', 'employment_history', 'leave_periods', 'identity_aliases'],
        },
        {
            'vendor': 'cornerstone', 'category': 'lms',
            'feeds': [
                'users_core', 'training_core', 'transcript_core', 'transcript_status_local_core',
            ],
            'relations': ['courses', 'learning_events', 'identity_aliases'],
        },
        {
            'vendor': 'xapi', 'category': 'lms',
            'feeds': ['statements', 'statement_pages'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {
                'statement_pages': count_json_elements('document_text', '$.statements'),
            },
        },
        {
            'vendor': 'linkedin_learning', 'category': 'lms',
            'feeds': ['learning_activity_reports'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {
                'learning_activity_reports': count_json_elements('document_text', '$.elements'),
            },
        },
        {
            'vendor': 'm365_copilot', 'category': 'usage',
            'tool_id': 'copilot_m365',
            'feeds': ['usage_user_detail', 'usage_user_detail_pages', 'admin_center_user_activity'],
            'relations': ['tool_usage_daily', 'deliveries'],
            'count_rows': {
                'usage_user_detail_pages': count_json_elements('document_text', '$.value'),
            },
        },
        {
            'vendor': 'github_copilot', 'category': 'usage',
            'tool_id': 'github_copilot',
            'feeds': ['users_1_day', 'seats'],
            'relations': ['tool_usage_daily', 'tool_licences', 'deliveries'],
            'count_rows': {'seats': count_json_elements('document_text', '$.seats')},
        },
        {
            'vendor': 'udemy_business', 'category': 'lms',
            'feeds': ['user_course_activity'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {'user_course_activity': count_json_elements('document_text', '$.results')},
        },
        {
            'vendor': 'coursera', 'category': 'lms',
            'feeds': ['enrollment_reports'],
            'relations': ['courses', 'learning_events', 'identity_aliases'],
            'count_rows': {'enrollment_reports': count_json_elements('document_text', '$.elements')},
        },
        {
            'vendor': 'edx_business', 'category': 'lms',
            'feeds': ['enrollments'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {'enrollments': count_json_elements('document_text', '$.results')},
        },
        {
            'vendor': 'viva_learning', 'category': 'lms',
            'feeds': ['learning_course_activities'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {'learning_course_activities': count_json_elements('document_text', '$.value')},
        },
        {
            'vendor': 'scorm_cloud', 'category': 'lms',
            'feeds': ['registrations'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {'registrations': count_json_elements('document_text', '$.registrations')},
        },
        {
            'vendor': 'degreed', 'category': 'lms',
            'feeds': ['completions'],
            'relations': ['courses', 'learning_events', 'identity_aliases'],
            'count_rows': {'completions': count_json_elements('document_text', '$.data')},
        },
        {
            'vendor': 'docebo', 'category': 'lms',
            'feeds': ['users_courses'],
            'relations': ['courses', 'learning_events'],
        },
        {
            'vendor': 'moodle', 'category': 'lms',
            'feeds': ['course_completions'],
            'relations': ['courses', 'learning_events'],
        },
        {
            'vendor': 'workday_learning', 'category': 'lms',
            'feeds': ['learning_enrollments'],
            'relations': ['courses', 'learning_events', 'identity_aliases'],
            'count_rows': {
                'learning_enrollments': count_json_elements('document_text', '$.Report_Entry'),
            },
        },
        {
            'vendor': 'successfactors_learning', 'category': 'lms',
            'feeds': ['learninghistorys', 'user_todo_learning_items'],
            'relations': ['courses', 'learning_events'],
            'count_rows': {
                'learninghistorys': count_json_elements('document_text', '$.value'),
                'user_todo_learning_items': count_json_elements('document_text', '$.value'),
            },
        },
        {
            'vendor': 'trailhead', 'category': 'lms',
            'feeds': ['user_badges'],
            'relations': ['courses', 'learning_events'],
        },
        {
            'vendor': 'google_skills', 'category': 'lms',
            'feeds': ['badges'],
            'relations': ['courses', 'learning_events'],
        },
        {
            'vendor': 'servicenow_learning', 'category': 'lms',
            'feeds': ['training_records'],
            'relations': ['courses', 'learning_events'],
        },
        {
            'vendor': 'sap_learning_hub', 'category': 'lms',
            'feeds': ['learning_activities'],
            'relations': ['courses', 'learning_events'],
        },
        {
            'vendor': 'chatgpt_enterprise', 'category': 'usage',
            'tool_id': 'chatgpt_enterprise',
            'feeds': ['weekly_user_report'],
            'relations': ['tool_usage_period', 'deliveries'],
        },
        {
            'vendor': 'claude_enterprise', 'category': 'usage',
            'tool_id': 'claude_enterprise',
            'feeds': ['analytics_users'],
            'relations': ['tool_usage_daily', 'deliveries'],
            'count_rows': {'analytics_users': count_json_elements('document_text', '$.data')},
        },
        {
            'vendor': 'claude_code', 'category': 'usage',
            'tool_id': 'claude_code',
            'feeds': ['usage_report'],
            'relations': ['tool_usage_daily', 'deliveries'],
            'count_rows': {'usage_report': count_json_elements('document_text', '$.data')},
        },
        {
            'vendor': 'gemini_workspace', 'category': 'usage',
            'tool_id': 'gemini_workspace',
            'feeds': ['activities'],
            'relations': ['tool_usage_daily', 'deliveries'],
            'count_rows': {'activities': count_json_elements('document_text', '$.items')},
        },
        {
            'vendor': 'agentforce', 'category': 'usage',
            'tool_id': 'agentforce',
            'feeds': ['daily_usage'],
            'relations': ['tool_usage_daily', 'deliveries'],
        },
        {
            'vendor': 'servicenow_now_assist', 'category': 'usage',
            'tool_id': 'now_assist',
            'feeds': ['daily_usage'],
            'relations': ['tool_usage_daily', 'deliveries'],
        },
        {
            'vendor': 'purview', 'category': 'usage',
            'tool_id': 'copilot_m365',
            'feeds': ['copilot_interactions'],
            'relations': ['tool_usage_daily', 'deliveries'],
        },
        {
            'vendor': 'bamboohr', 'category': 'hris',
            'feeds': ['employees', 'job_info'],
            'relations': ['employees', 'employment_history', 'identity_aliases'],
            'count_rows': {
                'employees': count_json_elements('document_text', '$.employees'),
                'job_info': count_bamboohr_job_rows('document_text'),
            },
        },
        {
            'vendor': 'successfactors_ec', 'category': 'hris',
            'feeds': ['emp_job', 'per_email'],
            'relations': ['employees', 'employment_history', 'leave_periods', 'identity_aliases'],
            'count_rows': {
                'emp_job': count_json_elements('document_text', '$.d.results'),
                'per_email': count_json_elements('document_text', '$.d.results'),
            },
        },
        {
            'vendor': 'zscaler', 'category': 'usage',
            'feeds': ['web_log'],
            'relations': ['web_use_daily'],
        },
        {
            'vendor': 'netskope', 'category': 'usage',
            'feeds': ['web_transactions'],
            'relations': ['web_use_daily'],
        },
        {
            'vendor': 'entra', 'category': 'usage',
            'feeds': ['sign_in_pages', 'sign_in_lines'],
            'relations': [],
            'count_rows': {'sign_in_pages': count_json_elements('document_text', '$.value')},
        },
        {
            'vendor': 'okta', 'category': 'usage',
            'feeds': ['system_log_pages', 'system_log_lines'],
            'relations': [],
            'count_rows': {'system_log_pages': count_json_elements('document_text', '$')},
        },
        {
            'vendor': 'generic', 'category': 'hris',
            'feeds': ['employees', 'employment_history', 'leave_periods', 'identity_aliases'],
            'relations': ['employees', 'employment_history', 'leave_periods', 'identity_aliases'],
            'snapshots': ['employees', 'employment_history', 'leave_periods', 'identity_aliases'],
        },
        {
            'vendor': 'generic', 'category': 'lms',
            'feeds': ['courses', 'learning_events', 'surveys', 'outcomes'],
            'relations': ['courses', 'learning_events', 'surveys', 'outcomes'],
            'snapshots': ['courses'],
        },
        {
            'vendor': 'generic', 'category': 'usage',
            'feeds': ['tool_licences', 'tool_usage_daily', 'tool_usage_period', 'deliveries'],
            'relations': ['tool_licences', 'tool_usage_daily', 'tool_usage_period', 'deliveries'],
            'snapshots': ['tool_licences'],
            'usage_months': 'base_generic__tool_usage_daily',
        },
    ]) %}
{% endmacro %}


{#- The catalog entries that `enabled_sources` switches on. An entry nobody knows stops the build,
    already while parsing: a typo must not silently leave a vendor out. -#}
{% macro enabled_sources_catalog() %}
    {% set catalog = source_catalog() %}
    {% set known = catalog | map(attribute='vendor') | unique | list %}
    {% set enabled = var('enabled_sources') %}
    {% if enabled is string or enabled is mapping or enabled is not iterable or not enabled %}
        {% do exceptions.raise_compiler_error(
            "The var enabled_sources must be a list of vendors, such as [generic]; it is: " ~ enabled
        ) %}
    {% endif %}
    {% set entries = [] %}
    {% for item in enabled %}
        {% if item is mapping %}
            {% for key in ['vendor', 'category', 'feeds', 'relations'] if key not in item %}
                {% do exceptions.raise_compiler_error(
                    "The entry " ~ item ~ " of the var enabled_sources lacks '" ~ key
                    ~ "'; a mapping needs vendor, category, feeds and relations."
                ) %}
            {% endfor %}
            {% do entries.append(item) %}
        {% elif item in known %}
            {% for entry in catalog if entry.vendor == item %}
                {% do entries.append(entry) %}
            {% endfor %}
        {% else %}
            {% do exceptions.raise_compiler_error(
                "The var enabled_sources names '" ~ item ~ "', which is no vendor of this project. Known: "
                ~ known | join(', ') ~ ". Correct the name, or add the vendor to macros/sources/source_catalog.sql."
            ) %}
        {% endif %}
    {% endfor %}
    {% do return(entries) %}
{% endmacro %}


{#- Names of the enabled vendors that offer a canonical relation. -#}
{% macro enabled_vendors(relation) %}
    {% set vendors = [] %}
    {% for entry in enabled_sources_catalog() if relation in entry.relations %}
        {% if entry.vendor not in vendors %}{% do vendors.append(entry.vendor) %}{% endif %}
    {% endfor %}
    {% do return(vendors) %}
{% endmacro %}


{#- The tool a usage vendor speaks for: as the var `tool_ids` says, else as the catalog says. -#}
{% macro vendor_tool_id(vendor) %}
    {% set chosen = (var('tool_ids') or {}).get(vendor) %}
    {% if chosen %}{% do return(chosen) %}{% endif %}
    {% for entry in source_catalog() if entry.vendor == vendor and entry.get('tool_id') %}
        {% do return(entry.tool_id) %}
    {% endfor %}
    {% do exceptions.raise_compiler_error("The source catalog has no tool_id for the vendor '" ~ vendor ~ "'.") %}
{% endmacro %}


{#- {vendor: its monthly usage model, or none}, for the enabled vendors with daily usage. -#}
{% macro monthly_usage_models() %}
    {% set models = {} %}
    {% for entry in enabled_sources_catalog() if 'tool_usage_daily' in entry.relations %}
        {% do models.update({entry.vendor: entry.get('usage_months')}) %}
    {% endfor %}
    {% do return(models) %}
{% endmacro %}


{#- [{vendor, category, feed, source, count_rows, is_snapshot}] over the enabled vendors. `count_rows` is the SQL aggregate
    that counts a raw relation's rows, when one raw row is a document of many. -#}
{% macro enabled_feeds() %}
    {% set feeds = [] %}
    {% for entry in enabled_sources_catalog() %}
        {% for feed in entry.feeds %}
            {% do feeds.append({
                'vendor': entry.vendor,
                'category': entry.category,
                'feed': feed,
                'source': 'generic_' ~ entry.category if entry.vendor == 'generic' else entry.vendor,
                'count_rows': entry.get('count_rows', {}).get(feed, 'count(*)'),
                'is_snapshot': feed in entry.get('snapshots', []),
            }) %}
        {% endfor %}
    {% endfor %}
    {% do return(feeds) %}
{% endmacro %}


{#- Aggregate: elements of the array at `path` over JSON documents; a document that is unreadable, or
    whose array is absent or empty, counts as one row, as it does in its base model. -#}
{% macro count_json_elements(column, path) -%}
    sum(case
        when not {{ is_json(column) }} then 1
        when {{ json_array_size(column, path) }} > 0 then {{ json_array_size(column, path) }}
        else 1
    end)
{%- endmacro %}
