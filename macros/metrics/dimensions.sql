{#- The groups every grouped table is cut by, in one place: name, the expression over
    int_unit_checkpoints (attributes of the index date) and over int_due_assignments (attributes of
    the assignment day). `across_tools` groups exist only where tools are summed over; `per_manager` groups are
    too many to be summed from int_checkpoint_cells. -#}
{% macro adoption_dimensions() %}
    {% set dimensions = [{'name': 'all', 'value': "'all'", 'assigned_value': "'all'"}] %}
    {% for attribute in ['track', 'audience', 'role_group', 'department', 'location', 'platform'] %}
        {% set value = "coalesce(" ~ attribute ~ ", 'unknown')" %}
        {% do dimensions.append({'name': attribute, 'value': value, 'assigned_value': value}) %}
    {% endfor %}
    {% do dimensions.append(
        {'name': 'manager', 'value': 'manager_group', 'assigned_value': 'manager_group', 'per_manager': true}
    ) %}
    {% do dimensions.append({
        'name': 'completion_month',
        'value': year_month('completion_date'),
        'assigned_value': year_month('assigned_date'),
    }) %}
    {% set pairs = {
        'tool': 'tool_id',
        'role_group_tool': "coalesce(role_group, 'unknown') || '|' || tool_id",
        'manager_tool': "manager_group || '|' || tool_id",
    } %}
    {% for name, value in pairs.items() %}
        {% do dimensions.append(
            {'name': name, 'value': value, 'assigned_value': value, 'across_tools': true,
             'per_manager': 'manager_group' in value}
        ) %}
    {% endfor %}
    {{ return(dimensions) }}
{% endmacro %}


{#- What is counted of unit checkpoints: name and condition. -#}
{% macro checkpoint_counts() %}
    {% do return({
        'n_completed': 'true',
        'n_eligible': 'is_eligible',
        'n_adopted': 'is_adopted',
        'n_tried': 'is_tried',
        'n_habitual': 'is_habitual',
        'n_daily': 'is_daily',
        'n_window_open': "status = 'window_open'",
        'n_left_before_day_n': "status = 'left_before_day_n'",
        'n_feed_gap': "status = 'feed_gap'",
        'n_licence_unknown': "status = 'licence_unknown'",
        'n_no_licence': "status = 'no_licence'",
        'n_on_leave': "status = 'on_leave'",
        'n_new': "is_eligible and baseline_status = 'new'",
        'n_new_adopted': "is_adopted and baseline_status = 'new'",
        'n_existing': "is_eligible and baseline_status = 'existing'",
        'n_existing_adopted': "is_adopted and baseline_status = 'existing'",
        'n_self_enrolled': 'is_self_enrolled',
    }) %}
{% endmacro %}


{#- Sums of days of the eligible: active ones, and those on which an active day would be known of. -#}
{% macro day_sums() %}
    {% do return({
        'n_active_days': 'active_days_since_completion',
        'n_known_days': 'n_known_days',
        'n_baseline_active_days': 'baseline_active_days',
        'n_baseline_known_days': 'n_baseline_known_days',
    }) %}
{% endmacro %}


{#- Select items: the counts and the sums of days, over unit checkpoints. -#}
{% macro count_checkpoints() -%}
    {%- for name, condition in checkpoint_counts().items() %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
    {%- endfor %}
    {%- for name, days in day_sums().items() %}
        cast(sum(case when is_eligible then {{ days }} else 0 end) as bigint) as {{ name }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- The same, over rows that hold these counts already. -#}
{% macro sum_checkpoint_counts() -%}
    {%- for name in (checkpoint_counts().keys() | list) + (day_sums().keys() | list) %}
        cast(sum({{ name }}) as bigint) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
