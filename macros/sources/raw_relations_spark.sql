{#- Spark: an external table per feed (and per CSV header) over the feed's folder, and a view on it. Which
    files are read is a table of their names, so that no view text grows with the number of deliveries. -#}

{#- A text as a Spark literal: a doubled quote would silently vanish there. -#}
{% macro spark_text(value) %}{% do return("'" ~ (value | string).replace('\\', '\\\\').replace("'", "\\'") ~ "'") %}{% endmacro %}

{% macro spark_raw_schema() %}{% do return(target.schema ~ '_raw') %}{% endmacro %}

{#- DDL without a result. -#}
{% macro spark_run(sql) %}
    {% call statement('spark_run', auto_begin=False) %}{{ sql }}{% endcall %}
{% endmacro %}

{% macro spark_create_table(relation, body) %}
    {% do spark_run('drop table if exists ' ~ relation) %}
    {% do spark_run('create table ' ~ relation ~ ' ' ~ body) %}
{% endmacro %}


{#- [{path, size, version}] of every file below the raw root. -#}
{% macro spark__list_raw_files(root) %}
    {% set files = [] %}
    {% for file in spark_listed_files(root) %}
        {% do files.append({'path': root ~ '/' ~ file.name, 'size': file.size, 'version': file.version}) %}
    {% endfor %}
    {% do return(files) %}
{% endmacro %}

{#- [{name, base, size, version}]: `base` is the raw root as Spark resolved it (a table needs an absolute path). -#}
{% macro spark_listed_files(root) %}
    {% do spark_run(
        'create or replace temporary view certgap_listed_files using binaryFile options (path '
        ~ spark_text(root) ~ ", recursiveFileLookup 'true')"
    ) %}
    {% set categories = [] %}
    {% for node in graph.sources.values() if (node.config.get('meta') or {}).get('category') %}
        {% do categories.append(node.config.meta.category) %}
    {% endfor %}
    {% set tail = modules.re.sub('^([.][.]?/)+', '', root) %}
    {% set pattern = '^(.*' ~ modules.re.escape(tail) ~ ')/((?:' ~ categories | unique | join('|') ~ ')/.*)$' %}
    {% set files = [] %}
    {% for row in run_query(
        'select path, length, unix_micros(modificationTime) from certgap_listed_files order by path'
    ).rows %}
        {% set match = modules.re.match(pattern, row[0]) %}
        {% if match %}
            {% do files.append({'base': match.group(1), 'name': match.group(2), 'size': row[1] | int,
                'version': row[1] ~ '-' ~ row[2]}) %}
        {% endif %}
    {% endfor %}
    {% do return(files) %}
{% endmacro %}


{% macro spark__create_raw_relations(tables, files) %}
    {% set schema = spark_raw_schema() %}
    {% do spark_run('create schema if not exists ' ~ schema) %}
    {% do spark_create_pseudonym_key(schema) %}
    {% set listed = spark_listed_files(raw_root()) %}
    {% set base = listed[0].base if listed else '' %}

    {% set first_lines = spark_first_lines(base) if listed else {} %}
    {% set feeds = {} %}
    {% for table in tables if table.format == 'csv' %}
        {% do feeds.update({table.folder: spark_header_groups(table, files[table.folder], first_lines)}) %}
    {% endfor %}
    {% do spark_create_file_list(schema, tables, files, feeds) %}

    {% set rejected_rows = [] %}
    {% for table in tables %}
        {% set feed_files = files[table.folder] %}
        {% if table.format == 'csv' %}
            {% set parts = spark_csv_parts(table, feed_files, feeds[table.folder], base) %}
            {% do rejected_rows.append(parts.rejected) if parts.rejected %}
            {% set feed_sql = parts.rows %}
        {% else %}
            {% set feed_sql = spark_text_feed(table, feed_files, base) %}
        {% endif %}
        {% do spark_run('create or replace view ' ~ table.relation ~ ' as ' ~ feed_sql) %}
    {% endfor %}
    {% set rejected_sql %}
        {% if rejected_rows %}{{ rejected_rows | join('\nunion all\n') }}{% else %}
        select
            cast(null as string) as source_system, cast(null as string) as category,
            cast(null as string) as feed, cast(null as string) as reason, cast(null as string) as raw_text,
            cast(null as string) as source_file, cast(null as timestamp) as extracted_at,
            cast(null as boolean) as is_newest_delivery
        where false
        {% endif %}
    {% endset %}
    {% do spark_run('create or replace view ' ~ intake_relation('rejected_rows') ~ ' as ' ~ rejected_sql) %}
    {% do spark_run(
        'create or replace view ' ~ intake_relation('read_files')
        ~ ' as select source_system, category, feed, source_file, file_date, file_version from ' ~ schema ~ '.listed_files'
    ) %}
{% endmacro %}


{#- The key stays in a file that only the operator reads; Spark is told where, never what. -#}
{% macro spark_create_pseudonym_key(schema) %}
    {% do spark_create_table(
        schema ~ '.pseudonym_key', '(pseudonym_key string) using text options (path '
        ~ spark_text(env_var('CERTGAP_PSEUDONYM_KEY_FILE', '')) ~ ')'
    ) %}
    {% set lines = run_query(
        'select count(*), sum(case when length(trim(pseudonym_key)) > 0 then 1 else 0 end) from '
        ~ schema ~ '.pseudonym_key'
    ).rows[0] %}
    {% if lines[0] != 1 or lines[1] != 1 %}
        {% do exceptions.raise_compiler_error(
            "The file named by CERTGAP_PSEUDONYM_KEY_FILE must hold the secret in one line; it has "
            ~ lines[0] ~ " lines. Write it again as one line of text."
        ) %}
    {% endif %}
{% endmacro %}


{#- Every file that is read, with the number of its header group (0: no CSV). -#}
{% macro spark_create_file_list(schema, tables, files, feeds) %}
    {% set rows = [] %}
    {% for table in tables %}
        {% set group_of = {} %}
        {% for group in feeds.get(table.folder, []) %}
            {% for name in group.names %}{% do group_of.update({name: group.number}) %}{% endfor %}
        {% endfor %}
        {% for file in files[table.folder] %}
            {% do rows.append(
                '(' ~ spark_text(table.vendor) ~ ', ' ~ spark_text(table.category) ~ ', ' ~ spark_text(table.table)
                ~ ', ' ~ spark_text(file.name) ~ ", date '" ~ file.date ~ "', " ~ group_of.get(file.name, 0)
                ~ ', ' ~ spark_text(file.version) ~ ')'
            ) %}
        {% endfor %}
    {% endfor %}
    {% set relation = schema ~ '.listed_files' %}
    {% do spark_create_table(relation, 'using parquet as '
        ~ 'select cast(null as string) as source_system, cast(null as string) as category, '
        ~ 'cast(null as string) as feed, cast(null as string) as source_file, '
        ~ 'cast(null as date) as file_date, cast(null as int) as header_group, '
        ~ 'cast(null as string) as file_version where false'
        if not rows else 'using parquet as select /*+ coalesce(1) */ * from values\n' ~ rows | join(',\n')
        ~ '\nas listed (source_system, category, feed, source_file, file_date, header_group, file_version)') %}
{% endmacro %}


{#- `source_file` of a row of an external table. The engine gives a percent-encoded path (where '+' is
    itself) that begins file:/ or file:/// . -#}
{% macro spark_source_file(base) -%}
    substr(
        regexp_replace(url_decode(replace(_metadata.file_path, '+', '%2B')), '^file:/+', '/'),
        {{ (modules.re.sub('^file:/+', '/', base) | length) + 2 }}
    )
{%- endmacro %}

{#- The lineage columns of a raw row, after a join with `listed_files`. -#}
{% macro spark_lineage(files) -%}
    listed_file as source_file,
    cast(listed_date as timestamp) as extracted_at,
    listed_date = date '{{ files | map(attribute="date") | max }}' as is_newest_delivery
{%- endmacro %}

{#- Rows of an external table that stand in files to be read. A feed may have a column of any name, so the
    list's are renamed. -#}
{% macro spark_listed_rows(relation, table, header_group, base) -%}
    (
        select *, {{ spark_source_file(base) }} as read_from from {{ relation }}
    ) as feed_rows
    inner join (
        select source_file as listed_file, file_date as listed_date
        from {{ spark_raw_schema() }}.listed_files
        where header_group = {{ header_group }}
    ) as listed
        on feed_rows.read_from = listed.listed_file
{%- endmacro %}


{#- An absent optional feed: the declared columns and no rows. -#}
{% macro spark_empty_feed(names) -%}
    select
        {% for name in names %}cast(null as string) as {{ adapter.quote(name) }}, {% endfor %}
        cast(null as string) as source_file, cast(null as timestamp) as extracted_at,
        cast(null as boolean) as is_newest_delivery
    where false
{%- endmacro %}


{#- One row per line (blank ones dropped), or per document. -#}
{% macro spark_text_feed(table, files, base) -%}
    {%- set column = 'line_text' if table.format == 'lines' else 'document_text' -%}
    {%- if not files -%}
        {{ spark_empty_feed([column]) }}
    {%- else -%}
        {%- set relation = table.relation ~ '__files' -%}
        {%- do spark_create_table(relation, '(value string) using text options (path '
            ~ spark_text(base ~ '/' ~ table.folder) ~ ", recursiveFileLookup 'true', wholetext '"
            ~ ('false' if table.format == 'lines' else 'true') ~ "')") -%}
        {%- if table.format == 'lines' %}
        select
            trim(both ' \t\r\uFEFF' from value) as line_text,
            {{ spark_lineage(files) }}
        from {{ spark_listed_rows(relation, table, 0, base) }}
        where trim(both ' \t\r\uFEFF' from value) != ''
        {%- else %}
        select
            trim(leading '\uFEFF' from value) as document_text,
            {{ spark_lineage(files) }}
        from {{ spark_listed_rows(relation, table, 0, base) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{#- {file name: first line} of all CSV files, as Latin-1 text of its bytes. One pass over the first block
    of each file. -#}
{% macro spark_first_lines(base) %}
    {% set first_lines = {} %}
    {% set relation = spark_raw_schema() ~ '.csv_lines' %}
    {% do spark_create_table(relation, '(value string) using text options (path ' ~ spark_text(base)
        ~ ", recursiveFileLookup 'true', pathGlobFilter '*.[cC][sS][vV]*')") %}
    {% set head_sql %}
        select name, min_by(value, line_order) as head_line
        from (
            select value, monotonically_increasing_id() as line_order, {{ spark_source_file(base) }} as name
            from {{ relation }}
            where _metadata.file_block_start = 0
        ) as lines
        group by name
    {% endset %}
    {% for row in run_query(head_sql).rows %}
        {% do first_lines.update({row[0]: (row[1] or '').encode('utf-8').decode('latin-1')}) %}
    {% endfor %}
    {% do return(first_lines) %}
{% endmacro %}

{#- [{number, header, positions, has_header, names}]: the CSV files of a feed by their header line. -#}
{% macro spark_header_groups(table, files, first_lines) %}
    {% set groups = {} %}
    {% for file in files if file.kind == 'csv' %}
        {% set layout = csv_layout(table, file.name, first_lines.get(file.name)) %}
        {% set key = layout.has_header ~ '\x01' ~ layout.header | join('\x01') %}
        {% if key not in groups %}
            {% do layout.update({'number': (groups | length) + 1, 'names': []}) %}
            {% do groups.update({key: layout}) %}
        {% endif %}
        {% do groups[key].names.append(file.name) %}
    {% endfor %}
    {% do return(groups.values() | list) %}
{% endmacro %}


{#- {rows, rejected}: the SQL of a CSV feed's rows and of its rows with a wrong number of fields, which the
    engine puts into `bad_row`. It refuses a query of that column alone, hence the condition on field_1. -#}
{% macro spark_csv_parts(table, files, groups, base) %}
    {% set rows = [] %}
    {% set rejected = [] %}
    {% set parquet_files = files | selectattr('kind', 'equalto', 'parquet') | list %}
    {% for group in groups %}
        {% set relation = table.relation ~ '__files_' ~ group.number %}
        {% set body %}
            ({% for name in group.header %}field_{{ loop.index }} string, {% endfor %}bad_row string)
            using csv options (
                path {{ spark_text(base ~ '/' ~ table.folder) }}, recursiveFileLookup 'true',
                pathGlobFilter '*.[cC][sS][vV]*', header '{{ group.has_header | lower }}', multiLine 'true', sep ',',
                quote '"', escape '"', mode 'PERMISSIVE', columnNameOfCorruptRecord 'bad_row', columnPruning 'false'
            )
        {% endset %}
        {% do spark_create_table(relation, body) %}
        {% set row_sql %}
            select
                {% for column in table.columns -%}
                    {%- set position = group.positions.get(column.name) -%}
                    {{ "nullif(field_" ~ position ~ ", '')" if position else 'cast(null as string)' }}
                    as {{ adapter.quote(column.name) }},
                {% endfor %}
                {{ spark_lineage(files) }}
            from {{ spark_listed_rows(relation, table, group.number, base) }}
            where bad_row is null and coalesce(length(field_1), 0) >= 0
        {% endset %}
        {% do rows.append(row_sql) %}
        {% set rejected_sql %}
            select
                '{{ table.vendor }}' as source_system, '{{ table.category }}' as category,
                '{{ table.table }}' as feed, 'wrong_number_of_fields' as reason, bad_row as raw_text,
                {{ spark_lineage(files) }}
            from {{ spark_listed_rows(relation, table, group.number, base) }}
            where bad_row is not null and coalesce(length(field_1), 0) >= 0
        {% endset %}
        {% do rejected.append(rejected_sql) %}
    {% endfor %}
    {% if parquet_files %}
        {% do rows.append(spark_parquet_rows(table, parquet_files, groups | length > 0, base)) %}
    {% endif %}
    {% do return({
        'rows': rows | join('\nunion all\n') if rows
            else spark_empty_feed(table.columns | map(attribute='name') | list),
        'rejected': rejected | join('\nunion all\n'),
    }) %}
{% endmacro %}


{#- Parquet keeps its own types; beside CSV files all is text. The columns are those of all files together:
    unlike on DuckDB, one file without a declared column gives NULLs instead of stopping the run. -#}
{% macro spark_parquet_rows(table, files, as_text, base) %}
    {% set relation = table.relation ~ '__parquet' %}
    {% do spark_create_table(relation, 'using parquet options (path ' ~ spark_text(base ~ '/' ~ table.folder)
        ~ ", recursiveFileLookup 'true', mergeSchema 'true', pathGlobFilter '*.[pP][aA][rR][qQ][uU][eE][tT]')") %}
    {% set header = [] %}
    {% set types = {} %}
    {% for row in run_query('describe table ' ~ relation).rows if row[0] and not row[0].startswith('#') %}
        {% do header.append(row[0]) %}
        {% do types.update({row[0]: row[1]}) %}
    {% endfor %}
    {% set positions = match_header(table, files[0].name, header) %}
    {% set parquet_sql %}
        select
            {% for column in table.columns -%}
                {%- set present = header[positions[column.name] - 1] if column.name in positions -%}
                {%- if not present -%} cast(null as string)
                {%- elif as_text -%} cast({{ adapter.quote(present) }} as string)
                {%- elif types[present] == 'timestamp_ntz' -%} cast({{ adapter.quote(present) }} as timestamp)
                {%- else -%} {{ adapter.quote(present) }}
                {%- endif %} as {{ adapter.quote(column.name) }},
            {% endfor %}
            {{ spark_lineage(files) }}
        from {{ spark_listed_rows(relation, table, 0, base) }}
    {% endset %}
    {% do return(parquet_sql) %}
{% endmacro %}


{#- Rows of the file of verdicts, as texts. Spark fails on a path that is not there, so only a folder that
    CERTGAP_DELIVERY_CHECKS names is looked into. -#}
{% macro spark__read_delivery_verdicts(path, columns) %}
    {% if not env_var('CERTGAP_DELIVERY_CHECKS', '') %}{% do return([]) %}{% endif %}
    {% do spark_run(
        'create or replace temporary view certgap_delivery_verdicts using csv options (path ' ~ spark_text(path)
        ~ ", header 'true', sep ',', quote '" ~ '"' ~ "', escape '" ~ '"' ~ "', multiLine 'true')"
    ) %}
    {% do return(run_query('select ' ~ columns | join(', ') ~ ' from certgap_delivery_verdicts').rows) %}
{% endmacro %}


{#- A table of rows of texts known here; an empty text is NULL. `columns` maps name to type. -#}
{% macro spark__create_listed_relation(relation, columns, rows) %}
    {% set lines = [] %}
    {% for row in rows %}
        {% set texts = [] %}
        {% for text in row %}{% do texts.append(spark_text(text)) %}{% endfor %}
        {% do lines.append('(' ~ texts | join(', ') ~ ')') %}
    {% endfor %}
    {% set casts = [] %}
    {% for name, type in columns.items() %}
        {% do casts.append('cast(' ~ ("nullif(" ~ name ~ ", '')" if rows else 'null') ~ ' as ' ~ type ~ ') as ' ~ name) %}
    {% endfor %}
    {% do spark_create_table(relation, 'using parquet as select /*+ coalesce(1) */ ' ~ casts | join(', ')
        ~ (' where false' if not rows else ' from values\n' ~ lines | join(',\n')
            ~ '\nas listed (' ~ columns.keys() | join(', ') ~ ')')) %}
{% endmacro %}


{#- Python's look into the files is `certgap check-deliveries`, where they are a local path. -#}
{% macro spark__check_file_flaws(tables, files) %}{% endmacro %}
