{#- Aggregate: the expression in the row with the greatest order, also when it is NULL there (DuckDB's max_by passes
    over NULLs, Spark's does not). -#}
{% macro last_value_by(expression, order) %}{{ return(adapter.dispatch('last_value_by', 'certgap')(expression, order)) }}{% endmacro %}
{% macro default__last_value_by(expression, order) %}arg_max_null({{ expression }}, {{ order }}){% endmacro %}
{% macro spark__last_value_by(expression, order) %}max_by({{ expression }}, {{ order }}){% endmacro %}
