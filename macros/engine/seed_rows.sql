{#- Seed rows on Spark as literals. dbt-spark's session method puts values between apostrophes without
    escaping theirs, and hands NULL over as the text 'None', which a strict cast to a number rejects. -#}
{% macro spark__load_csv_rows(model, agate_table) %}
    {% set types = model.config.get('column_types', {}) %}
    {% set statements = [] %}
    {% for chunk in agate_table.rows | batch(500) %}
        {% set sql %}
            insert into {{ this }} values
            {% for row in chunk -%}
                ({%- for name in agate_table.column_names -%}
                    {%- set type = types.get(name, adapter.convert_type(agate_table, loop.index0)) -%}
                    cast({{ 'null' if row[name] is none else spark_text(row[name]) }} as {{ type }}){{ ', ' if not loop.last }}
                {%- endfor -%}){{ ',' if not loop.last }}
            {% endfor %}
        {% endset %}
        {% do adapter.add_query(sql, abridge_sql_log=True) %}
        {% do statements.append(sql) if loop.first %}
    {% endfor %}
    {% do return(statements | first if statements else '') %}
{% endmacro %}
