{#- Writes into the working database which dbt run touched it last. `certgap publish` compares it with
    run_results.json, so that a file is only published from the run that built this very database. -#}
{% macro mark_run() %}{{ return(adapter.dispatch('mark_run', 'certgap')()) }}{% endmacro %}

{% macro default__mark_run() -%}
    create schema if not exists audit;
    create or replace table audit.latest_run as
    select
        '{{ invocation_id }}' as invocation_id,
        '{{ flags.WHICH }}' as dbt_command,
        current_timestamp as started_at
{%- endmacro %}

{#- Nothing is published from Spark into a file: models/published are its published tables. -#}
{% macro spark__mark_run() %}{% endmacro %}
