{#- Folder schemas are used as they are on DuckDB; on Spark, where a schema is a database of the
    whole metastore, they are prefixed with the target's. Marts live in the target schema itself. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema }}
    {%- elif target.type == 'duckdb' -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}
