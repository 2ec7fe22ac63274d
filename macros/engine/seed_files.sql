{#- dbt writes the SQL of every node to `target/run/<path of the node's file>`. For a seed outside the
    project (CERTGAP_REFERENCE as an absolute path) that path IS the seed file, and dbt overwrites the
    customer's CSV (measured on dbt-core 1.11.16). A seed's SQL is a truncate and says nothing, so it is
    not written. -#}
{% macro noop_statement(name=none, message=none, code=none, rows_affected=none, res=none) -%}
    {%- set sql = caller() -%}
    {%- if name == 'main' and model.resource_type != 'seed' -%}
        {{ write(sql) }}
    {%- endif -%}
    {%- if name is not none -%}
        {{ store_raw_result(name, message=message, code=code, rows_affected=rows_affected, agate_table=res) }}
    {%- endif -%}
{%- endmacro %}
