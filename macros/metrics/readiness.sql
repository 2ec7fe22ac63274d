{#- The phase gates of a wave, in the order in which they are read: what is missing where one fails, the last day in
    time, and what is counted. -#}
{% macro readiness_gates() %}
    {{ return({
        'tools_deployed': {'missing': 'tool_access', 'counted': 'pairs of person and tool had access'},
        'managers_trained': {'missing': 'manager_enablement', 'counted': 'managers were enabled in time'},
        'policy_communicated': {'missing': 'policy', 'counted': 'recorded policies were communicated in time'},
        'success_story': {'missing': 'success_story', 'counted': 'success stories were published in time'},
    }) }}
{% endmacro %}

{#- Names of the gates of one wave with this status, in their order, joined by ', '; NULL if none. The status of each gate is
    in a column of its name, after `prefix`. -#}
{% macro gates_with_status(status, prefix='') -%}
    nullif(substr(
        {%- for gate in readiness_gates() %}
        case when {{ prefix }}{{ gate }} = '{{ status }}' then ', {{ gate }}' else '' end
            {{- ' ||' if not loop.last }}
        {%- endfor %}, 3
    ), '')
{%- endmacro %}
