{#- A backslash. Within a literal each engine unescapes it in its own way. -#}
{% macro backslash() %}chr(92){% endmacro %}
