{#- dbt's own run_query fetches a result from DDL too, which Spark's Thrift server does not give; unit
    tests then fail. -#}
{% macro run_query(sql) %}
    {%- set first_word = (sql | trim | lower).split() | first -%}
    {%- set has_result = not (target.type == 'spark' and first_word in ['create', 'drop', 'alter', 'insert']) -%}
    {% call statement('run_query_statement', fetch_result=has_result, auto_begin=false) %}{{ sql }}{% endcall %}
    {% do return(load_result('run_query_statement').table) %}
{% endmacro %}
