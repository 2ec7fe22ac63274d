{#- Stand-ins for open interval ends, so that as-of joins compare plain dates. -#}
{% macro always() %}cast('1900-01-01' as date){% endmacro %}
{% macro still() %}cast('9999-12-31' as date){% endmacro %}
