{#- A file that would be read in part without an error (packed and cut short, a quote never closed), or that the reader
    refuses in words of its own (no UTF-8, mixed line ends), stops the build with its name. Files that passed their
    check are known to have no such flaw. -#}
{% macro check_file_flaws(tables, files) %}{{ return(adapter.dispatch('check_file_flaws', 'certgap')(tables, files)) }}{% endmacro %}

{#- Only DuckDB has the function, from certgap.dbt_plugin; Spark's check is `certgap check-deliveries`. -#}
{% macro spark__check_file_flaws(tables, files) %}{% endmacro %}

{% macro default__check_file_flaws(tables, files) %}
    {% set unchecked = [] %}
    {% for table in tables %}
        {% for file in files[table.folder] if file.verdict != 'passed' %}
            {% do unchecked.append([file.path, file.kind if table.format == 'csv' else table.format, file.name]) %}
        {% endfor %}
    {% endfor %}
    {% for batch in unchecked | batch(500) %}
        {% set lists = [] %}
        {% for position in range(3) %}{% do lists.append(sql_text_list(batch | map(attribute=position) | list)) %}{% endfor %}
        {% set flaws_sql %}
            select name, certgap_file_flaw(path, kind) as flaw
            from (select unnest({{ lists[0] }}) as path, unnest({{ lists[1] }}) as kind, unnest({{ lists[2] }}) as name)
            where flaw is not null
            order by name
        {% endset %}
        {% for row in run_query(flaws_sql).rows %}
            {% do raise_delivery_error(row[0], row[1],
                "Have it sent again, a CSV as 'CSV UTF-8 (comma-separated)'. `certgap check-deliveries` finds all such"
                ~ " files, and the build then goes on without them.") %}
        {% endfor %}
    {% endfor %}
{% endmacro %}
