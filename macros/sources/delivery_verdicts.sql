{#- What `certgap check-deliveries` said of the files, as this build takes it. A verdict counts for the version of
    the file it was given on: a file that was changed or replaced since is not checked. -#}


{#- Folder of the verdicts: CERTGAP_DELIVERY_CHECKS, else beside the working database. -#}
{% macro delivery_checks_folder() %}
    {% set warehouse = env_var('CERTGAP_WAREHOUSE', '') or 'warehouse/certgap.duckdb' %}
    {% set beside = modules.re.sub('[^/]*$', '', warehouse.replace('\\', '/')) ~ 'delivery_checks' %}
    {% do return((env_var('CERTGAP_DELIVERY_CHECKS', '') or beside).rstrip('/')) %}
{% endmacro %}


{#- {file below the raw folder: its verdict}; nothing where nobody ran the check. -#}
{% macro delivery_verdicts() %}
    {% set columns = [
        'source_file', 'file_version', 'file_date', 'source_system', 'category', 'feed', 'relation', 'verdict', 'reason',
        'n_rows', 'first_day', 'last_day', 'tool_ids',
    ] %}
    {% set verdicts = {} %}
    {% for row in read_delivery_verdicts(delivery_checks_folder() ~ '/verdicts.csv', columns) %}
        {% set verdict = {} %}
        {% for name in columns %}{% do verdict.update({name: row[loop.index0] or ''}) %}{% endfor %}
        {% do verdict.update({'folder': [verdict.category, verdict.source_system, verdict.feed] | join('/')}) %}
        {% do verdicts.update({verdict.source_file: verdict}) %}
    {% endfor %}
    {% do return(verdicts) %}
{% endmacro %}


{#- The verdict on a file in the version that is there, else one that says `not_checked`. -#}
{% macro verdict_on(verdicts, name, version) %}
    {% set verdict = verdicts.get(name) %}
    {% if verdict and is_version(verdict.file_version, version) %}{% do return(verdict) %}{% endif %}
    {% do return({'verdict': 'not_checked', 'reason': 'changed since its check' if verdict else 'nobody checked it'}) %}
{% endmacro %}

{#- Same size, and changed at the same time: to the microsecond, or to the second where the engine that lists the
    files knows no better. Versions are written size-microseconds. -#}
{% macro is_version(checked, found) %}
    {% if target.type == 'duckdb' %}{% do return(checked == found) %}{% endif %}
    {% set one, other = checked.split('-'), found.split('-') %}
    {% do return(one[0] == other[0] and ((one[1] | int) - (other[1] | int)) | abs < 1000000) %}
{% endmacro %}


{#- The var failed_deliveries: `exclude` builds without them, `stop` does not build. -#}
{% macro stop_on_failed_deliveries(failed) %}
    {% if failed and var('failed_deliveries') == 'stop' %}
        {% set lines = [] %}
        {% for verdict in failed[:5] %}{% do lines.append(verdict.source_file ~ ': ' ~ verdict.reason) %}{% endfor %}
        {% if failed | length > 5 %}{% do lines.append('... and ' ~ ((failed | length) - 5) ~ ' more') %}{% endif %}
        {% do exceptions.raise_compiler_error(
            (failed | length) ~ " deliver" ~ ("y" if failed | length == 1 else "ies")
            ~ " failed the check, and the var failed_deliveries is stop.\n" ~ lines | join('\n')
            ~ "\nHave them sent again and run `certgap check-deliveries`, or set failed_deliveries to exclude: then"
            ~ " they are not read and their days are unknown."
        ) %}
    {% endif %}
{% endmacro %}


{#- Two intake relations: `delivery_checks`, one row per file that is read or that failed its check, and
    `failed_deliveries`, one row per failed file of a usage relation and tool it may have spoken for. -#}
{% macro create_delivery_checks(tables, files, verdicts) %}
    {% set checks = [] %}
    {% for table in tables %}
        {% for file in files[table.folder] %}
            {% set verdict = verdict_on(verdicts, file.name, file.version) %}
            {% do checks.append([
                table.vendor, table.category, table.table, file.name, file.date, verdict.verdict, verdict.reason,
                verdict.get('n_rows', ''),
            ]) %}
        {% endfor %}
    {% endfor %}
    {% set deliveries = [] %}
    {% set web_gateways = enabled_vendors('web_use_daily') %}
    {% for failed in files.failed %}
        {% do checks.append([
            failed.source_system, failed.category, failed.feed, failed.source_file, failed.file_date, 'failed',
            failed.reason, failed.n_rows,
        ]) %}
        {#- A web log delivers no tool's use, so its suite names no relation; its days are lost all the same. -#}
        {% set is_web_log = failed.source_system in web_gateways %}
        {% set relation = 'web_use_daily' if is_web_log else failed.relation %}
        {% if relation in ['tool_usage_daily', 'tool_usage_period', 'tool_licences', 'web_use_daily'] %}
            {% for tool_id in failed.tool_ids.split('|') %}
                {% do deliveries.append([
                    failed.source_system, relation, tool_id, failed.source_file, failed.file_date,
                    failed.first_day, failed.last_day, failed.n_rows,
                ]) %}
            {% endfor %}
        {% endif %}
    {% endfor %}
    {% do create_listed_relation(intake_relation('delivery_checks'), {
        'source_system': 'string', 'category': 'string', 'feed': 'string', 'source_file': 'string',
        'file_date': 'date', 'verdict': 'string', 'reason': 'string', 'n_rows': 'bigint',
    }, checks) %}
    {% do create_listed_relation(intake_relation('failed_deliveries'), {
        'source_system': 'string', 'relation': 'string', 'tool_id': 'string', 'source_file': 'string',
        'file_date': 'date', 'first_day': 'date', 'last_day': 'date', 'n_rows': 'bigint',
    }, deliveries) %}
{% endmacro %}


{#- Engine parts: raw_relations_duckdb.sql, raw_relations_spark.sql. -#}
{% macro read_delivery_verdicts(path, columns) %}{{ return(adapter.dispatch('read_delivery_verdicts', 'certgap')(path, columns)) }}{% endmacro %}
{% macro create_listed_relation(relation, columns, rows) %}{{ return(adapter.dispatch('create_listed_relation', 'certgap')(relation, columns, rows)) }}{% endmacro %}
