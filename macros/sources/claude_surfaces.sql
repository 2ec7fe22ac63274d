{#- {surface: [path of the messages a person sent there, path of its sessions]} of Claude Enterprise. Left out: views,
    agents' own actions and background turns, and Claude Code, which is another tool. -#}
{% macro claude_surfaces() %}
    {% set surfaces = {
        'chat': ['$.chat_metrics.message_count', '$.chat_metrics.distinct_conversation_count'],
        'unified_chat': [
            '$.chat_cowork_unified_metrics.chat.message_count',
            '$.chat_cowork_unified_metrics.chat.distinct_conversation_count',
        ],
        'unified_cowork': [
            '$.chat_cowork_unified_metrics.sessions.message_count',
            '$.chat_cowork_unified_metrics.sessions.distinct_session_count',
        ],
    } %}
    {% for name in ['cowork', 'design', 'science'] %}
        {% do surfaces.update({
            name: ['$.' ~ name ~ '_metrics.message_count', '$.' ~ name ~ '_metrics.distinct_session_count'],
        }) %}
    {% endfor %}
    {% for name in ['excel', 'outlook', 'powerpoint', 'word'] %}
        {% set path = '$.office_metrics.' ~ name %}
        {% do surfaces.update({name: [path ~ '.message_count', path ~ '.distinct_session_count']}) %}
    {% endfor %}
    {% do return(surfaces) %}
{% endmacro %}
