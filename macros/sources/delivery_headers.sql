{#- {header, positions, has_header} of a CSV file with this first line (as Latin-1 text). A feed that is declared
    with `header: false` has its columns in the declared order; a file that names them all in its first line
    is read by that line all the same, so that another order or more columns can be delivered. -#}
{% macro csv_layout(table, file_name, first_line) %}
    {% set fields = csv_fields(file_name, first_line) %}
    {% if table.has_header %}
        {% if not fields %}
            {% do raise_delivery_error(file_name, "has no header in its first line",
                "The first line must hold the column names.") %}
        {% endif %}
        {% do return({'header': fields, 'positions': match_header(table, file_name, fields), 'has_header': true}) %}
    {% endif %}
    {% set declared = table.columns | map(attribute='name') | list %}
    {% set missing = declared | map('lower') | reject('in', fields | map('lower') | list) | list %}
    {% if not missing %}
        {% do return({'header': fields, 'positions': match_header(table, file_name, fields), 'has_header': true}) %}
    {% endif %}
    {% set positions = {} %}
    {% for name in declared %}{% do positions.update({name: loop.index}) %}{% endfor %}
    {% do return({'header': declared, 'positions': positions, 'has_header': false}) %}
{% endmacro %}


{#- Fields of the first line of a CSV file, given as Latin-1 text; none when it is blank. -#}
{% macro csv_fields(file_name, first_line) %}
    {% set line = (first_line or '') | string %}
    {% if line[:2] in ['\xff\xfe', '\xfe\xff'] or '\x00' in line %}
        {% do raise_delivery_error(file_name, "is not UTF-8 but UTF-16",
            "Export it again as 'CSV UTF-8 (comma-separated)'.") %}
    {% endif %}
    {% set text = line.encode('latin-1', 'replace').decode('utf-8', 'replace').lstrip('\ufeff').rstrip('\r\n') %}
    {% if not text | trim %}{% do return([]) %}{% endif %}
    {% set names = [] %}
    {% for match in modules.re.finditer('(?:^|,)(?:[ ]*"((?:[^"]|"")*)"[ ]*|([^,]*))', text) %}
        {% do names.append((match.group(1) if match.group(1) is not none else match.group(2)).replace('""', '"') | trim) %}
    {% endfor %}
    {% do return(names) %}
{% endmacro %}


{#- {declared column: its position (from 1)} in a delivery's header. Upper and lower case, and whether words are
    parted by a blank, an underscore or a hyphen, do not matter. A declared column that is neither there nor optional stops the run. -#}
{% macro match_header(table, file_name, header) %}
    {% set positions = {} %}
    {% set lower_header = [] %}
    {% for name in header %}{% do lower_header.append(header_words(name)) %}{% endfor %}
    {% set missing = [] %}
    {% for column in table.columns %}
        {% set name = header_words(column.name) %}
        {% if lower_header.count(name) > 1 %}
            {% do raise_delivery_error(file_name, "has the column '" ~ column.name ~ "' twice",
                "Remove one of them from the export.") %}
        {% elif name in lower_header %}
            {% do positions.update({column.name: lower_header.index(name) + 1}) %}
        {% elif not column.is_optional %}
            {% do missing.append(column.name) %}
        {% endif %}
    {% endfor %}
    {% if missing %}
        {% set line = header | join(',') %}
        {% if (header | length) == 1 and (';' in line or '\t' in line or '|' in line) %}
            {% set remedy = "The delimiter seems to be '"
                ~ (';' if ';' in line else ('tab' if '\t' in line else '|'))
                ~ "': export it again with commas." %}
        {% elif not positions %}
            {% set remedy = "No declared column is there: is it another vendor's export, is the header missing, or is the delimiter no comma?" %}
        {% else %}
            {% set remedy = "Add the column to the export, or correct its name." %}
        {% endif %}
        {% do raise_delivery_error(file_name,
            "lacks the column" ~ ("s" if missing | length > 1 else "") ~ " '" ~ missing | join("', '")
            ~ "' that feed " ~ table.folder ~ " needs; its header has: " ~ header[:40] | join(', '),
            remedy) %}
    {% endif %}
    {% do return(positions) %}
{% endmacro %}


{#- A column name in lower case, its words parted by one underscore. -#}
{% macro header_words(name) %}
    {% do return(modules.re.sub('[ _-]+', '_', (name | lower | trim))) %}
{% endmacro %}


{#- True for a calendar date written YYYY-MM-DD. -#}
{% macro is_iso_date(text) %}
    {% set match = modules.re.match('^([0-9]{4})-([0-9]{2})-([0-9]{2})$', text | string) %}
    {% if not match %}{% do return(false) %}{% endif %}
    {% set year, month, day = match.group(1) | int, match.group(2) | int, match.group(3) | int %}
    {% if month < 1 or month > 12 or day < 1 or year < 1900 %}{% do return(false) %}{% endif %}
    {% set is_leap = (year % 4 == 0 and year % 100 != 0) or year % 400 == 0 %}
    {% set last_day = [31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] %}
    {% do return(day <= last_day) %}
{% endmacro %}


{#- A text as a SQL literal, and a list of them. -#}
{% macro sql_text(value) %}{% do return("'" ~ (value | string).replace("'", "''") ~ "'") %}{% endmacro %}

{% macro sql_text_list(values) %}
    {% set literals = [] %}
    {% for value in values %}{% do literals.append(sql_text(value)) %}{% endfor %}
    {% do return('[' ~ literals | join(', ') ~ ']') %}
{% endmacro %}
