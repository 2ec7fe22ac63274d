{#- Bin of a lead in days, a whole number or a median; `is_enabled` is the condition that the manager ever completed
    enablement. NULL: enabled, and no lead is known. -#}
{% macro activation_lead_bin(lead_days, is_enabled) -%}
    case
        when not ({{ is_enabled }}) then 'not_activated'
        when floor({{ lead_days }}) < 0 then 'after_report'
        when floor({{ lead_days }}) <= 27 then '0-27'
        when floor({{ lead_days }}) <= 42 then '28-42'
        when {{ lead_days }} is not null then '43+'
    end
{%- endmacro %}

{#- The groups of manager_activation_effects: dimension → value → the lead bins in it. Both dimensions hold every unit
    once; `unknown` are the reports without a known manager. -#}
{% macro activation_groups() %}
    {{ return({
        'activation_status': {
            'activated': ['0-27', '28-42', '43+'],
            'after_report': ['after_report'],
            'not_activated': ['not_activated'],
            'unknown': ['unknown'],
        },
        'activation_lead_bin': {
            '0-27': ['0-27'],
            '28-42': ['28-42'],
            '43+': ['43+'],
            'after_report': ['after_report'],
            'not_activated': ['not_activated'],
            'unknown': ['unknown'],
        },
    }) }}
{% endmacro %}

{#- What is compared with reports of managers who were never activated: name for columns → value. -#}
{% macro activation_comparisons() %}
    {{ return({
        'activated': 'activated',
        'after_report': 'after_report',
        'lead_0_27': '0-27',
        'lead_28_42': '28-42',
        'lead_43': '43+',
    }) }}
{% endmacro %}

{#- Condition: the lead bin is one of the group's. -#}
{% macro is_in_activation_group(value, column='activation_lead_bin') -%}
    {%- set groups = activation_groups() -%}
    {%- set bins = groups['activation_status'].get(value) or groups['activation_lead_bin'][value] -%}
    {{ column }} in ('{{ bins | join("', '") }}')
{%- endmacro %}
