{#- The groups every grouped table is cut by, in one place: name, the expression over
    int_unit_checkpoints (attributes of the index date) and over int_due_assignments (attributes of
    the assignment day). `across_tools` groups exist only where tools are summed over. -#}
{% macro adoption_dimensions() %}
    {% set dimensions = [{'name': 'all', 'value': "'all'", 'assigned_value': "'all'"}] %}
    {% for attribute in ['track', 'audience', 'role_group', 'department', 'location', 'platform'] %}
        {% set value = "coalesce(" ~ attribute ~ ", 'unknown')" %}
        {% do dimensions.append({'name': attribute, 'value': value, 'assigned_value': value}) %}
    {% endfor %}
    {% do dimensions.append(
        {'name': 'manager', 'value': 'manager_group', 'assigned_value': 'manager_group'}
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
            {'name': name, 'value': value, 'assigned_value': value, 'across_tools': true}
        ) %}
    {% endfor %}
    {{ return(dimensions) }}
{% endmacro %}
