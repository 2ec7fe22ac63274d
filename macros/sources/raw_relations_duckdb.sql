{#- DuckDB: raw relations are views over explicit lists of files. A line may have 32 MiB; without buffer_size
    DuckDB reserves 16 times that per file, and 40 files exhaust 20 GB of memory. -#}

{#- [{path, size, version}] of every file below the raw root. DuckDB's ** passes over links, hence the two patterns for
    a linked file and a linked folder of one date. -#}
{% macro default__list_raw_files(root) %}
    {% set patterns = sql_text_list([root ~ '/*/*/*/*', root ~ '/*/*/*/*/*', root ~ '/*/*/*/**']) %}
    {% set files = [] %}
    {% if run_query("select file from glob(" ~ patterns ~ ") limit 1").rows | length > 0 %}
        {% for row in run_query(
            "select distinct filename, size, epoch_us(last_modified) from read_blob(" ~ patterns ~ ") order by filename"
        ).rows %}
            {% do files.append({'path': row[0], 'size': row[1] | int, 'version': row[1] ~ '-' ~ row[2]}) %}
        {% endfor %}
    {% endif %}
    {% do return(files) %}
{% endmacro %}


{% macro default__create_raw_relations(tables, files) %}
    {% set created_schemas = [] %}
    {% set rejected_rows = [] %}
    {% for table in tables %}
        {% if table.relation.schema not in created_schemas %}
            {% do created_schemas.append(table.relation.schema) %}
            {% call statement('create_raw_schema', auto_begin=False) %}
                create schema if not exists {{ table.relation.include(identifier=False) }}
            {% endcall %}
        {% endif %}
        {% if table.format == 'csv' %}
            {% set parts = duckdb_csv_parts(table, files[table.folder]) %}
            {% do rejected_rows.append(parts.rejected) if parts.rejected %}
            {% set feed_sql = parts.rows %}
        {% else %}
            {% set feed_sql = duckdb_text_feed(table, files[table.folder]) %}
        {% endif %}
        {% call statement('create_raw_view', auto_begin=False) %}
            create or replace view {{ table.relation }} as {{ feed_sql }}
        {% endcall %}
    {% endfor %}
    {% call statement('create_rejected_rows', auto_begin=False) %}
        create or replace view {{ intake_relation('rejected_rows') }} as
        {% if rejected_rows %}{{ rejected_rows | join('\nunion all\n') }}{% else %}
        select
            cast(null as varchar) as source_system, cast(null as varchar) as category,
            cast(null as varchar) as feed, cast(null as varchar) as reason, cast(null as varchar) as raw_text,
            cast(null as varchar) as source_file, cast(null as timestamp) as extracted_at,
            cast(null as boolean) as is_newest_delivery
        where false
        {% endif %}
    {% endcall %}
    {% call statement('create_read_files', auto_begin=False) %}
        create or replace view {{ intake_relation('read_files') }} as
        {% for table in tables %}
        {%- set feed_files = files[table.folder] %}
        select
            '{{ table.vendor }}' as source_system, '{{ table.category }}' as category, '{{ table.table }}' as feed,
            unnest(cast({{ sql_text_list(feed_files | map(attribute='name') | list) }} as varchar[])) as source_file,
            unnest(cast({{ sql_text_list(feed_files | map(attribute='date') | list) }} as date[])) as file_date,
            unnest(cast({{ sql_text_list(feed_files | map(attribute='version') | list) }} as varchar[])) as file_version
        {{ 'union all' if not loop.last }}
        {%- endfor %}
    {% endcall %}
{% endmacro %}


{#- certgap_file_flaw comes from certgap.dbt_plugin. -#}
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


{#- The lineage columns of a raw row, from the reader's `filename`. -#}
{% macro duckdb_lineage(table, files) -%}
    {%- set start = (raw_root() | length) + 2 -%}
    {%- set delivery_date -%}
        regexp_extract(filename[{{ start + (table.folder | length) + 1 }}:], '[0-9]{4}-[0-9]{2}-[0-9]{2}')
    {%- endset -%}
    replace(filename[{{ start }}:], chr(92), '/') as source_file,
    cast({{ delivery_date }} as timestamp) as extracted_at,
    {{ delivery_date }} = '{{ files | map(attribute="date") | max }}' as is_newest_delivery
{%- endmacro %}


{#- An absent optional feed: the declared columns and no rows. -#}
{% macro duckdb_empty_feed(names) -%}
    select
        {% for name in names %}cast(null as varchar) as {{ adapter.quote(name) }}, {% endfor %}
        cast(null as varchar) as source_file, cast(null as timestamp) as extracted_at,
        cast(null as boolean) as is_newest_delivery
    where false
{%- endmacro %}


{#- One row per line (blank ones dropped), or per document. Four control characters as the delimiter keep a line whole:
    JSON must escape each of them, and a line with one is still read as it is. Lines may end in LF, CRLF or CR, also
    mixed, which only strict_mode = false reads; without quotes it forgives nothing else. -#}
{% macro duckdb_text_feed(table, files) -%}
    {%- set column = 'line_text' if table.format == 'lines' else 'document_text' -%}
    {%- if not files -%}
        {{ duckdb_empty_feed([column]) }}
    {%- elif table.format == 'lines' -%}
        select
            trim(line_text, ' ' || chr(9) || chr(13) || chr(65279)) as line_text,
            {{ duckdb_lineage(table, files) }}
        from read_csv(
            {{ sql_text_list(files | map(attribute='path') | list) }},
            auto_detect = false, header = false, delim = '{{ '\x01\x02\x03\x04' }}', quote = '', escape = '',
            strict_mode = false, columns = {'line_text': 'varchar'}, max_line_size = 33554432,
            buffer_size = 67108864, filename = true
        )
        where trim(coalesce(line_text, ''), ' ' || chr(9) || chr(13) || chr(65279)) != ''
    {%- else -%}
        select
            ltrim(content, chr(65279)) as document_text,
            {{ duckdb_lineage(table, files) }}
        from read_text({{ sql_text_list(files | map(attribute='path') | list) }})
    {%- endif -%}
{%- endmacro %}


{#- {rows, rejected}: the SQL of a CSV feed's rows and of its rows with a wrong number of fields.
    Files with the same header are read together, by position and without sniffing: one odd row must
    not change how the rest is read. Missing trailing fields come as NULL while empty ones come as '',
    which tells a short row from a row that ends in blanks. -#}
{% macro duckdb_csv_parts(table, files) %}
    {% set rows = [] %}
    {% set rejected = [] %}
    {% set csv_files = files | selectattr('kind', 'equalto', 'csv') | list %}
    {% set parquet_files = files | selectattr('kind', 'equalto', 'parquet') | list %}
    {% for group in duckdb_header_groups(table, csv_files) %}
        {#- A row with more surplus fields than these stops the run; a log that was not made to be a CSV has more. -#}
        {% set surplus = [] %}
        {% for number in range(1, 5 if group.has_header else 33) %}{% do surplus.append('extra_' ~ number) %}{% endfor %}
        {% set reader %}
            read_csv(
                {{ sql_text_list(group.paths) }},
                auto_detect = false, header = {{ group.has_header | lower }}, delim = ',', quote = '"', escape = '"',
                columns = { {% for name in group.header %}'field_{{ loop.index }}': 'varchar', {% endfor -%}
                    {% for name in surplus %}'{{ name }}': 'varchar'{{ ', ' if not loop.last }}{% endfor %} },
                nullstr = '{{ '\x01' }}', null_padding = true, parallel = false, max_line_size = 33554432,
                buffer_size = 67108864, filename = true
            )
        {% endset %}
        {% set last_field = 'field_' ~ (group.header | length) %}
        {% set row_sql %}
            select
                {% for column in table.columns -%}
                    {%- set position = group.positions.get(column.name) -%}
                    {{ "nullif(field_" ~ position ~ ", '')" if position else 'cast(null as varchar)' }}
                    as {{ adapter.quote(column.name) }},
                {% endfor %}
                {{ duckdb_lineage(table, files) }}
            from {{ reader }}
            where extra_1 is null and {{ last_field }} is not null
        {% endset %}
        {% do rows.append(row_sql) %}
        {% set rejected_sql %}
            select
                '{{ table.vendor }}' as source_system, '{{ table.category }}' as category,
                '{{ table.table }}' as feed, 'wrong_number_of_fields' as reason,
                concat_ws(',', {% for name in group.header %}field_{{ loop.index }}, {% endfor -%}
                    {{ surplus | join(', ') }}) as raw_text,
                {{ duckdb_lineage(table, files) }}
            from {{ reader }}
            where extra_1 is not null or {{ last_field }} is null
        {% endset %}
        {% do rejected.append(rejected_sql) %}
    {% endfor %}
    {% if parquet_files %}
        {% do rows.append(duckdb_parquet_rows(table, parquet_files, files)) %}
    {% endif %}
    {% do return({
        'rows': rows | join('\nunion all\n') if rows
            else duckdb_empty_feed(table.columns | map(attribute='name') | list),
        'rejected': rejected | join('\nunion all\n'),
    }) %}
{% endmacro %}


{#- Parquet keeps its own types (casts in staging are then cheap), unless files disagree on the type of a column, or
    CSV files lie beside them: then it is text, because a common type of DuckDB's choice may change values (true would
    be 1, a text beside binary its bytes). Files with the same columns and types are read together. -#}
{% macro duckdb_parquet_rows(table, parquet_files, files) %}
    {% set groups = duckdb_parquet_groups(table, parquet_files) %}
    {% set types = {} %}
    {% for group in groups %}
        {% for name, column in group.columns.items() %}
            {% if column.type not in types.setdefault(name, []) %}{% do types[name].append(column.type) %}{% endif %}
        {% endfor %}
    {% endfor %}
    {% set selects = [] %}
    {% for group in groups %}
        {% set parquet_sql %}
            select
                {% for column in table.columns -%}
                    {%- set found = group.columns.get(column.name) -%}
                    {%- set type = types.get(column.name, []) -%}
                    {%- set type = type[0]
                        if type | length == 1 and '"' not in type[0] and parquet_files | length == files | length
                        else 'varchar' -%}
                    cast({{ adapter.quote(found.name) if found else 'null' }} as {{ type }}) as {{ adapter.quote(column.name) }},
                {% endfor %}
                {{ duckdb_lineage(table, files) }}
            from read_parquet({{ sql_text_list(group.paths) }}, union_by_name = true, filename = true)
        {% endset %}
        {% do selects.append(parquet_sql) %}
    {% endfor %}
    {% do return(selects | join('\nunion all\n')) %}
{% endmacro %}


{#- [{columns: {declared column: {name, type}}, paths}] of the Parquet files of a feed. -#}
{% macro duckdb_parquet_groups(table, files) %}
    {% set headers = {} %}
    {% for batch in files | batch(50) %}
        {% set heads = [] %}
        {% for file in batch %}
            {% do heads.append("select " ~ sql_text(file.path) ~ ", column_name, column_type from (describe select * from"
                ~ " read_parquet(" ~ sql_text(file.path) ~ "))") %}
        {% endfor %}
        {% for row in run_query(heads | join(' union all ')).rows %}
            {% do headers.setdefault(row[0], []).append({'name': row[1], 'type': row[2]}) %}
        {% endfor %}
    {% endfor %}
    {% set groups = {} %}
    {% for file in files %}
        {% set header = headers.get(file.path, []) %}
        {% set columns = {} %}
        {% for name, position in match_header(table, file.name, header | map(attribute='name') | list).items() %}
            {% set column = header[position - 1] %}
            {% if column.type == 'BLOB' or modules.re.search('[[(]', column.type) and not column.type.startswith('DECIMAL') %}
                {% do raise_delivery_error(file.name, "has the column '" ~ name ~ "' as " ~ column.type
                    ~ ", which is no plain value", "Have it written as text, a number, a date or a flag.") %}
            {% endif %}
            {% do columns.update({name: column}) %}
        {% endfor %}
        {% set group = groups.setdefault(columns | string, {'columns': columns, 'paths': []}) %}
        {% do group.paths.append(file.path) %}
    {% endfor %}
    {% do return(groups.values() | list) %}
{% endmacro %}


{#- [{header, positions, has_header, paths}]: the CSV files of a feed by their header line. Only the head of each file
    is read, and by one thread: of a file larger than the buffer, two threads give any line as the first.
    A CRLF within quotes is no error here, because strict_mode = false. Lines that are no UTF-8 are skipped instead of stopping with the engine's own message, so that
    csv_fields can name a wrong encoding (DuckDB's latin-1 is no way: it rejects the bytes 80-9F, which
    UTF-8 names such as Åkesson have). csv_fields takes the bytes as Latin-1 text. -#}
{% macro duckdb_header_groups(table, files) %}
    {% set first_lines = {} %}
    {% for batch in files | batch(50) %}
        {% set heads = [] %}
        {% for file in batch %}
            {% set head %}
                (select {{ sql_text(file.path) }} as path, head_line from read_csv(
                    {{ sql_text(file.path) }}, auto_detect = false, header = false,
                    delim = '{{ '\x01\x02\x03\x04' }}', quote = '', escape = '', strict_mode = false,
                    ignore_errors = true, columns = {'head_line': 'varchar'},
                    max_line_size = 4194304, buffer_size = 8388608, parallel = false
                ) limit 1)
            {% endset %}
            {% do heads.append(head) %}
        {% endfor %}
        {% for row in run_query(heads | join('\nunion all\n')).rows %}
            {% do first_lines.update({row[0]: (row[1] or '').encode('utf-8').decode('latin-1')}) %}
        {% endfor %}
    {% endfor %}
    {% set groups = {} %}
    {% for file in files %}
        {% set layout = csv_layout(table, file.name, first_lines.get(file.path)) %}
        {% set key = layout.has_header ~ '\x01' ~ layout.header | join('\x01') %}
        {% if key not in groups %}
            {% do layout.update({'paths': []}) %}
            {% do groups.update({key: layout}) %}
        {% endif %}
        {% do groups[key].paths.append(file.path) %}
    {% endfor %}
    {% do return(groups.values() | list) %}
{% endmacro %}


{#- Rows of the file of verdicts, as texts; none where there is no file. -#}
{% macro default__read_delivery_verdicts(path, columns) %}
    {% if run_query("select file from glob(" ~ sql_text(path) ~ ")").rows | length == 0 %}{% do return([]) %}{% endif %}
    {% do return(run_query(
        "select " ~ columns | join(', ') ~ " from read_csv(" ~ sql_text(path)
        ~ ", header = true, all_varchar = true, delim = ',', quote = '" ~ '"' ~ "', escape = '" ~ '"' ~ "')"
    ).rows) %}
{% endmacro %}


{#- A view over rows of texts known here; an empty text is NULL. `columns` maps name to type. -#}
{% macro default__create_listed_relation(relation, columns, rows) %}
    {% call statement('create_listed_relation', auto_begin=False) %}
        create or replace view {{ relation }} as
        select
            {% for name, type in columns.items() %}cast(nullif({{ name }}, '') as {{ type }}) as {{ name }}{{ ', ' if not loop.last }}{% endfor %}
        from (
            select
                {% for name in columns -%}
                    {%- set position = loop.index0 -%}
                    unnest(cast({{ sql_text_list(rows | map(attribute=position) | list) }} as varchar[])) as {{ name }}{{ ', ' if not loop.last }}
                {% endfor %}
        ) as listed
    {% endcall %}
{% endmacro %}
