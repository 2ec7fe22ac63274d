{#- After a build: the tools whose coverage was inferred from their rows because nobody delivered a
    `deliveries` row for them. Said once, so that a guess is never taken for a report.
    The relation comes from the results, so that the hook adds no edge to the graph. -#}
{% macro say_what_was_inferred(results) %}
    {% if execute and flags.WHICH in ['build', 'run'] %}
        {% set built = results | selectattr('node.name', 'equalto', 'int_tool_coverage') | list %}
        {% if built and built[0].status | string == 'success' %}
            {% set inferred = run_query(
                'select tool_id, is_coverage_inferred from ' ~ built[0].node.relation_name
                ~ ' where is_coverage_inferred or is_seat_coverage_inferred order by tool_id'
            ) %}
            {% for row in inferred.rows %}
                {% do log(
                    'Coverage inferred: ' ~ row[0] ~ ' has no delivery rows for its '
                    ~ ('usage' if row[1] else 'seats')
                    ~ '; every day from its first to its last is taken as delivered.', info=true
                ) %}
            {% endfor %}
        {% endif %}
    {% endif %}
{% endmacro %}
