{#- on-run-start: the tables of the record of publications, where they are missing. On DuckDB they are a file of
    their own, which certgap.dbt_plugin makes and attaches. -#}
{% macro prepare_publications() %}{{ return(adapter.dispatch('prepare_publications', 'certgap')()) }}{% endmacro %}

{% macro default__prepare_publications() %}{% endmacro %}

{% macro spark__prepare_publications() %}
    {% if execute and flags.WHICH in ['build', 'run', 'test', 'snapshot'] %}
        {% for table in graph.sources.values() if table.source_name == 'publications' %}
            {% do run_query('create schema if not exists ' ~ table.schema) if loop.first %}
            {% set columns = [] %}
            {% for column in table.columns.values() %}
                {% do columns.append(column.name ~ ' ' ~ column.data_type) %}
            {% endfor %}
            {% do run_query(
                'create table if not exists ' ~ table.schema ~ '.' ~ table.name ~ ' (' ~ columns | join(', ')
                ~ ') using parquet'
            ) %}
        {% endfor %}
    {% endif %}
{% endmacro %}


{#- On Spark, after a build without errors: `dbt run-operation record_publication --args '{code_version: …}'`
    appends it to the record. The log comes last: figures without a row in it count for nothing. -#}
{% macro record_publication(code_version='') %}
    {{ return(adapter.dispatch('record_publication', 'certgap')(code_version)) }}
{% endmacro %}

{% macro default__record_publication(code_version) %}
    {% do exceptions.raise_compiler_error("Here `certgap publish` records the publication.") %}
{% endmacro %}

{% macro spark__record_publication(code_version) %}
    {% set log_table = source('publications', 'publication_log') %}
    {#- Figures of a run that broke off keep their number to themselves. -#}
    {% set number = run_query(
        'select coalesce(max(publication_id), 0) + 1 from (select publication_id from ' ~ log_table
        ~ ' union all select publication_id from ' ~ source('publications', 'published_watermarks') ~ ') as numbers'
    ).rows[0][0] %}
    {% do run_query(
        'insert into ' ~ source('publications', 'published_watermarks')
        ~ ' select cast(' ~ number ~ ' as bigint), tool_id, watermark_date from ' ~ ref('int_tool_coverage')
    ) %}
    {% do run_query(
        'insert into ' ~ source('publications', 'published_figures') ~ ' select cast(' ~ number ~ ' as bigint), '
        ~ 'program_id, tool_id, checkpoint_day, dimension, dimension_value, metric_name, metric_value, numerator, '
        ~ 'denominator, is_shown from ' ~ ref('current_figures')
    ) %}
    {% do run_query(
        'insert into ' ~ log_table ~ ' select cast(' ~ number ~ " as bigint), current_timestamp(), '" ~ invocation_id
        ~ "', as_of_date, received_until, rules_hash, deliveries_hash, n_deliveries, '" ~ code_version
        ~ "', cast(null as bigint), (select count(*) from " ~ ref('current_figures') ~ ') from '
        ~ ref('int_build_stamp')
    ) %}
    {{ log('publication ' ~ number, info=true) }}
{% endmacro %}
