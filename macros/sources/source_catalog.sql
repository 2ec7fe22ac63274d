{#- Every vendor the project can read: its category, the raw feeds with a base model
    (`base_<vendor>__<feed>`) and the canonical relations with a staging model (`stg_<vendor>__<relation>`).
    `count_rows` tells how to count a raw feed whose rows are documents of many elements; `snapshots` are feeds of
    which only the newest delivery is read, because it replaces the older ones; `usage_months` is the monthly model
    behind the vendor's tool_usage_daily, if it has one.
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
            'feeds': ['usage_user_detail'],
            'relations': ['tool_usage_daily', 'deliveries'],
        },
        {
            'vendor': 'github_copilot', 'category': 'usage',
            'feeds': ['users_1_day', 'seats'],
            'relations': ['tool_usage_daily', 'tool_licences', 'deliveries'],
            'count_rows': {'seats': count_json_elements('document_text', '$.seats')},
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
        when json_array_length({{ json_get(column, path) }}) > 0
            then json_array_length({{ json_get(column, path) }})
        else 1
    end)
{%- endmacro %}
