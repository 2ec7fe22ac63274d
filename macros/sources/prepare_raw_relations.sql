{#- on-run-start: for every enabled source table the relation its staging reads, over the files below
    CERTGAP_RAW. Nothing is copied. A delivery that cannot be read as declared stops the run here, with
    the file, the column and a remedy. `dbt parse`, `compile` and `docs` run no hooks. -#}
{% macro prepare_raw_relations() %}
    {% if execute and flags.WHICH in ['build', 'run', 'test', 'snapshot'] %}
        {% set tables = raw_source_tables() %}
        {% set verdicts = delivery_verdicts() %}
        {% set files = raw_files(tables, verdicts) %}
        {% do check_required_relations(files) %}
        {% do check_file_flaws(tables, files) %}
        {% do create_raw_relations(tables, files) %}
        {% do create_delivery_checks(tables, files, verdicts) %}
    {% endif %}
{% endmacro %}


{#- The raw root, '/'-separated, without a slash at its end. -#}
{% macro raw_root() %}
    {% set root = env_var('CERTGAP_RAW', 'sample_data').replace('\\', '/').rstrip('/') %}
    {% do return(root[2:] if root.startswith('./') else root) %}
{% endmacro %}


{#- Enabled source tables that are read from files:
    {relation, source, table, category, vendor, folder, format, has_header, is_required, columns: [{name, is_optional}]}. -#}
{% macro raw_source_tables() %}
    {% set tables = [] %}
    {% for node in graph.sources.values() %}
        {% set meta = node.config.get('meta', {}) or {} %}
        {% if 'category' in meta and 'vendor' in meta %}
            {% if meta.get('format') not in ['csv', 'lines', 'document'] %}
                {% do exceptions.raise_compiler_error(
                    "Source " ~ node.source_name ~ "." ~ node.name
                    ~ ": config.meta.format must be csv, lines or document (" ~ node.original_file_path ~ ")."
                ) %}
            {% elif meta.get('header', true) is not boolean or (meta.format != 'csv' and 'header' in meta) %}
                {% do exceptions.raise_compiler_error(
                    "Source " ~ node.source_name ~ "." ~ node.name
                    ~ ": config.meta.header must be true or false, and only a csv feed has it ("
                    ~ node.original_file_path ~ ")."
                ) %}
            {% endif %}
            {% set columns = [] %}
            {% for column in node.columns.values() %}
                {% set column_meta = column.get('meta') or (column.get('config') or {}).get('meta') or {} %}
                {% if column.name not in [
                    'source_file', 'extracted_at', 'is_newest_delivery', 'line_text', 'document_text'
                ] %}
                    {% do columns.append({'name': column.name, 'is_optional': column_meta.get('optional', false)}) %}
                {% endif %}
            {% endfor %}
            {% do tables.append({
                'relation': api.Relation.create(
                    database=node.database if target.type == 'duckdb' else none,
                    schema=node.schema,
                    identifier=node.identifier
                ),
                'source': node.source_name,
                'table': node.name,
                'category': meta.category,
                'vendor': meta.vendor,
                'folder': meta.category ~ '/' ~ meta.vendor ~ '/' ~ node.name,
                'format': meta.format,
                'has_header': meta.get('header', true),
                'is_required': meta.get('required', false),
                'columns': columns,
            }) %}
        {% endif %}
    {% endfor %}
    {% do return(tables | sort(attribute='folder')) %}
{% endmacro %}


{#- {folder of a feed: [{path, name, date, kind, version, verdict}]} for the deliveries that are to be read: dated, not
    empty, not newer than `received_until`. `kind`: csv, parquet or text. Those that `certgap check-deliveries`
    failed are not read; their verdicts are under the key 'failed'. A file of an enabled vendor that lies in no feed's
    folder is told. -#}
{% macro raw_files(tables, verdicts={}) %}
    {% set root = raw_root() %}
    {% set received_until = (var('received_until') or '') | string | trim %}
    {% set found = {'failed': []} %}
    {% set not_read = {} %}
    {% set of_no_feed = [] %}
    {% set vendors = [] %}
    {% for table in tables %}
        {% do vendors.append(table.category ~ '/' ~ table.vendor) %}
        {% do found.update({table.folder: []}) %}
        {% do not_read.update({table.folder: []}) %}
    {% endfor %}
    {% for file in list_raw_files(root) %}
        {% set name = file.path.replace('\\', '/')[(root | length) + 1:] %}
        {% set parts = name.split('/') %}
        {% set folder = parts[:3] | join('/') %}
        {% set is_hidden = parts[-1][:1] in ['.', '_'] or parts[-1].lower().endswith('.md') %}
        {% if not is_hidden and (folder not in found or (parts | length) == 3) and parts[:2] | join('/') in vendors %}
            {% do of_no_feed.append(name if (parts | length) == 3 else folder ~ '/') %}
        {% elif (parts | length) > 3 and folder in found and not is_hidden %}
            {% set table = tables | selectattr('folder', 'equalto', folder) | first %}
            {% set date = modules.re.search('[0-9]{4}-[0-9]{2}-[0-9]{2}', parts[3:] | join('/')) %}
            {% set is_dated = date is not none and is_iso_date(date.group(0)) %}
            {% set verdict = verdict_on(verdicts, name, file.version) %}
            {% if is_dated and received_until and date.group(0) > received_until %}
                {% do not_read[folder].append(name) %}
            {% elif verdict.verdict == 'failed' %}
                {% do found.failed.append(verdict) %}
            {% elif not is_dated %}
                {% do raise_delivery_error(name, "has no valid date in its name",
                    "Every delivery carries its date as YYYY-MM-DD in the file's or a folder's name below "
                    ~ folder ~ "/, such as 2026-03-31.csv.") %}
            {% elif file.size == 0 %}
                {% do raise_delivery_error(name, "is empty (0 bytes)",
                    "Have it sent again, or delete it if nothing was delivered that day.") %}
            {% else %}
                {% do found[folder].append({
                    'path': file.path, 'name': name, 'date': date.group(0), 'kind': raw_file_kind(table, name),
                    'version': file.version, 'verdict': verdict.verdict, 'url': file.get('url'), 'root_url': file.get('root_url'),
                }) %}
            {% endif %}
        {% endif %}
    {% endfor %}
    {% if of_no_feed %}
        {% set names = of_no_feed | unique | list %}
        {% do exceptions.warn(
            "Delivered and not read, because no enabled vendor declares such a feed: " ~ names[:10] | join(', ')
            ~ (' and ' ~ ((names | length) - 10) ~ ' more' if names | length > 10 else '')
            ~ ". Correct the folder's name, or move it out of " ~ root ~ "; `certgap doctor` lists the feeds."
        ) %}
    {% endif %}
    {% do stop_on_failed_deliveries(found.failed) %}
    {% for table in tables if table.is_required and not found[table.folder] %}
        {% do exceptions.raise_compiler_error(
            "No delivery found for the required feed " ~ table.folder ~ ": looked for files below '" ~ root ~ "/"
            ~ table.folder ~ "/' (raw folder: environment variable CERTGAP_RAW)"
            ~ ((", and only newer ones than received_until " ~ received_until ~ " are there")
                if not_read[table.folder] else "")
            ~ (", and what is there failed its check (certgap check-deliveries)"
                if found.failed | selectattr('folder', 'equalto', table.folder) | list else "")
            ~ ". Put the export there, or take '" ~ table.vendor ~ "' out of the var enabled_sources."
        ) %}
    {% endfor %}
    {% do return(found) %}
{% endmacro %}


{% macro raise_delivery_error(file_name, what, remedy) %}
    {% do exceptions.raise_compiler_error("Delivery " ~ raw_root() ~ "/" ~ file_name ~ " " ~ what ~ ". " ~ remedy) %}
{% endmacro %}


{% macro raw_file_kind(table, name) %}
    {% set lower_name = name | lower %}
    {% if table.format != 'csv' %}
        {% do return('text') %}
    {% elif lower_name.endswith('.csv') or lower_name.endswith('.csv.gz') %}
        {% do return('csv') %}
    {% elif lower_name.endswith('.parquet') %}
        {% do return('parquet') %}
    {% endif %}
    {% do raise_delivery_error(name, "is neither .csv, .csv.gz nor .parquet",
        "Save it as CSV (UTF-8, comma-separated) or Parquet, or move it out of the feed's folder.") %}
{% endmacro %}


{#- A relation the core cannot do without must have a vendor, and the generic vendor's feeds may be
    absent only where another vendor serves the relation. A selection of models (--select) only warns. -#}
{% macro check_required_relations(files) %}
    {% set served = [] %}
    {% for entry in enabled_sources_catalog() %}
        {% for relation in entry.relations %}
            {% if entry.vendor != 'generic' or files.get(entry.category ~ '/generic/' ~ relation) %}
                {% do served.append(relation) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% set missing = [] %}
    {% for relation, category in {
        'employees': 'hris', 'employment_history': 'hris', 'identity_aliases': 'hris',
        'courses': 'lms', 'learning_events': 'lms',
    }.items() if relation not in served %}
        {% do missing.append(category ~ '/generic/' ~ relation) %}
    {% endfor %}
    {% if 'tool_usage_daily' not in served and 'tool_usage_period' not in served %}
        {% do missing.append('usage/generic/tool_usage_daily (or tool_usage_period)') %}
    {% endif %}
    {% if missing %}
        {% set message = "No enabled vendor delivers " ~ missing | join(', ') ~ " below '" ~ raw_root()
            ~ "/'. Put a delivery there (such as " ~ (missing | first).split(' ')[0]
            ~ "/2026-03-31.csv) or enable a vendor that delivers it (var enabled_sources)." %}
        {% if invocation_args_dict.get('select') %}
            {% do exceptions.warn(message) %}
        {% else %}
            {% do exceptions.raise_compiler_error(message) %}
        {% endif %}
    {% endif %}
{% endmacro %}


{#- What reading the files itself reports (models/staging/intake): `rejected_rows`, the rows of CSV files
    with too many or too few fields, and `read_files`, one row per file that is read. -#}
{% macro intake_relation(name) %}
    {% do return(api.Relation.create(
        database=target.database if target.type == 'duckdb' else none,
        schema='raw' if target.type == 'duckdb' else target.schema ~ '_raw',
        identifier=name
    )) %}
{% endmacro %}


{#- A file that would be read in part without an error (packed and cut short, a quote never closed), or that the reader
    refuses in words of its own (no UTF-8, mixed line ends), stops the build with its name. Files that passed their
    check are known to have no such flaw. -#}
{% macro check_file_flaws(tables, files) %}{{ return(adapter.dispatch('check_file_flaws', 'certgap')(tables, files)) }}{% endmacro %}


{#- Engine parts: raw_relations_duckdb.sql, raw_relations_spark.sql. -#}
{% macro list_raw_files(root) %}{{ return(adapter.dispatch('list_raw_files', 'certgap')(root)) }}{% endmacro %}
{% macro create_raw_relations(tables, files) %}{{ return(adapter.dispatch('create_raw_relations', 'certgap')(tables, files)) }}{% endmacro %}
