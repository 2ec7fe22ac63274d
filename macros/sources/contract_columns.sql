{#- Reading a file that uses the contract's own column names. `columns` maps a column to its kind:
    text (trimmed), code and alias (trimmed, lower case), date, timestamp (UTC), bigint, double, boolean.
    Columns that a Parquet file already types are passed on as they are. -#}
{% macro contract_columns(relation, columns) -%}
    {%- set types = native_types(relation) -%}
    {%- for name, kind in columns.items() %}
        {{ contract_value(name, kind, types.get(name)) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{#- First reason why a row cannot be used, else NULL: a required value is missing, or a value that is
    there cannot be read as its kind. Never a silent NULL. -#}
{% macro contract_problem(relation, columns, required) -%}
    {%- set types = native_types(relation) -%}
    case
        {#- The same expression as the column's, so that the engine computes it once. -#}
        {%- for name in required %}
        {%- set is_ready = is_typed_as(columns[name], types.get(name)) %}
        when {{ contract_value(name, columns[name], types.get(name)) if is_ready else clean_text(name) }} is null
            then 'missing_key_{{ name }}'
        {%- endfor %}
        {%- for name, kind in columns.items() if not is_typed_as(kind, types.get(name)) %}
        when {{ contract_value(name, kind, types.get(name)) }} is null and {{ clean_text(name) }} is not null
            then 'bad_{{ {'bigint': 'number', 'double': 'number', 'boolean': 'flag'}.get(kind, kind) }}_{{ name }}'
        {%- endfor %}
    end
{%- endmacro %}


{#- The values of a row as delivered, joined by commas. -#}
{% macro row_as_text(columns) -%}
    {%- for name in columns -%}
        coalesce(cast({{ name }} as string), ''){{ " || ',' || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro contract_value(name, kind, type) -%}
    {%- if kind == 'text' -%} {{ clean_text(name) }}
    {%- elif kind in ['code', 'alias'] -%} {{ clean_alias(name) }}
    {%- elif is_typed_as(kind, type) -%} cast({{ name }} as {{ kind }})
    {%- elif kind == 'timestamp' -%} {{ parse_timestamp(clean_text(name)) }}
    {%- elif kind == 'date' -%}
        case
            when {{ regex_matches(clean_text(name), '^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([T ].*)?$') }}
                then {{ try_cast(clean_text(name), 'date') }}
        end
    {%- else -%} {{ try_cast(clean_text(name), kind) }}
    {%- endif -%}
{%- endmacro %}


{#- Whether values of a raw column's type always are of a kind, so that no parsing can fail. -#}
{% macro is_typed_as(kind, type) %}
    {% do return(kind in ['text', 'code', 'alias'] or (type or '') | upper in {
        'date': ['DATE'],
        'timestamp': ['TIMESTAMP', 'TIMESTAMP_NS', 'TIMESTAMP_MS', 'TIMESTAMP_S'],
        'bigint': ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'INT', 'UTINYINT', 'USMALLINT', 'UINTEGER'],
        'double': ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'INT', 'UTINYINT', 'USMALLINT', 'UINTEGER'],
        'boolean': ['BOOLEAN'],
    }[kind]) %}
{% endmacro %}


{#- {column: type} of a raw relation. Text is assumed where it cannot be asked: in a unit test, whose
    fixture is no relation, and before the first run. -#}
{% macro native_types(relation) %}
    {% set types = {} %}
    {% if execute and not relation.is_cte and load_relation(relation) is not none %}
        {% for column in adapter.get_columns_in_relation(relation) %}
            {% do types.update({column.name: column.data_type}) %}
        {% endfor %}
    {% endif %}
    {% do return(types) %}
{% endmacro %}


{#- {day, is_date}: the day that a timestamp column's value was written with, and whether it has no time of day.
    Asked of the text only where the column is text: making text of 12 million timestamps takes seconds. -#}
{% macro written_day(relation, name) %}
    {% set type = native_types(relation).get(name) %}
    {% if type == 'DATE' or is_typed_as('timestamp', type) %}
        {% do return({'day': 'cast(' ~ name ~ ' as date)', 'is_date': 'true' if type == 'DATE' else 'false'}) %}
    {% endif %}
    {% set text = clean_text(name) %}
    {% do return({'day': try_cast('substr(' ~ text ~ ', 1, 10)', 'date'), 'is_date': 'length(' ~ text ~ ') <= 10'}) %}
{% endmacro %}


{#- The date of a column as contract_columns reads it. -#}
{% macro contract_date(relation, name) %}
    {% do return(contract_value(name, 'date', native_types(relation).get(name)) | replace('\n', ' ') | trim) %}
{% endmacro %}
