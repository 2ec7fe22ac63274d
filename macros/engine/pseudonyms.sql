{#- Keyed pseudonym of an employee: 16 hex digits (64 bits; two of 1.6 million people collide with
    probability 7e-8, and a unique test watches). The key is data to the engine, never SQL text:
    certgap.dbt_plugin binds it as a session variable on DuckDB, Spark reads a one-row table. -#}
{% macro pseudonym(expression) -%}
    substr({{ sha256_text(pseudonym_secret() ~ " || '|' || " ~ sha256_text(pseudonym_secret() ~ " || '|' || " ~ expression)) }}, 1, 16)
{%- endmacro %}

{% macro pseudonym_secret() %}{{ return(adapter.dispatch('pseudonym_secret', 'certgap')()) }}{% endmacro %}
{% macro default__pseudonym_secret() %}getvariable('certgap_pseudonym_key'){% endmacro %}
{% macro spark__pseudonym_secret() %}(select max(pseudonym_key) from {{ target.schema }}_raw.pseudonym_key){% endmacro %}
