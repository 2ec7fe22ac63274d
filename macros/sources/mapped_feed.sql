{#- The step by which a base model made by `certgap new-source` differs from those of the generic vendor: a mapping says
    which raw column, or which SQL over raw columns, fills which column of the contract. rank_feed_rows() and
    judge_feed_rows() follow (generic_feed.sql). -#}


{#- `parsed`, over `source`. `columns` maps each column to its kind, `mapping` to SQL over the raw columns or to none.
    While a `required` column is none, every row has the problem not_mapped. A mapped value that is there and cannot be
    read as its kind is a problem: never a silent NULL. `defaults`: SQL for columns without a value. `codes`: the values
    a column may have. `calendar_days`: dates that must be days somebody can have lived. `checks` maps a problem that is
    found first to its condition. `raw_text`: SQL of the row as delivered. -#}
{% macro parse_mapped_rows(
    columns, mapping, required, raw_text, defaults={}, codes={}, calendar_days=[], checks={}
) -%}
    {%- do check_mapping(columns, mapping) -%}
    {%- set problem = mapped_problem(columns, mapping, required, codes, calendar_days, checks) -%}
    select
        {%- for name, kind in columns.items() %}
        {{ mapped_value(mapping[name], kind, defaults.get(name)) }} as {{ name }},
        {%- endfor %}
        {{ problem }} as problem,
        case when {{ problem }} is not null then {{ raw_text }} end as raw_text,
        source_file,
        extracted_at

    from source
{%- endmacro %}


{% macro check_mapping(columns, mapping) %}
    {% for name in columns if name not in mapping %}
        {% do exceptions.raise_compiler_error(
            "The mapping of " ~ model.name ~ " lacks '" ~ name ~ "'. Write none where the vendor does not report it."
        ) %}
    {% endfor %}
    {% for name in mapping if name not in columns %}
        {% do exceptions.raise_compiler_error(
            "The mapping of " ~ model.name ~ " names '" ~ name ~ "', which is no column of the contract. Its columns: "
            ~ columns | join(', ') ~ "."
        ) %}
    {% endfor %}
{% endmacro %}


{% macro mapped_value(expression, kind, default) -%}
    {%- set type = 'string' if kind in ['text', 'code', 'alias'] else kind -%}
    {%- set value = contract_value(expression, kind, none) if expression else 'cast(null as ' ~ type ~ ')' -%}
    {%- if default is not none and default is not undefined -%}
        coalesce({{ value }}, {{ default }})
    {%- else -%}
        {{ value }}
    {%- endif -%}
{%- endmacro %}


{% macro mapped_problem(columns, mapping, required, codes, calendar_days, checks) -%}
    {%- set unmapped = [] -%}
    {%- for name in required if not mapping[name] %}{% do unmapped.append(name) %}{% endfor -%}
    case
        {%- for reason, condition in checks.items() %}
        when {{ condition }} then '{{ reason }}'
        {%- endfor %}
        {%- if unmapped %}
        when true then 'not_mapped'
        {%- else %}
        {%- for name in required %}
        when {{ clean_text(mapping[name]) }} is null then 'missing_key_{{ name }}'
        {%- endfor %}
        {%- for name, kind in columns.items() if mapping[name] and kind not in ['text', 'code', 'alias'] %}
        when {{ clean_text(mapping[name]) }} is not null and {{ contract_value(mapping[name], kind, none) }} is null
            then 'bad_{{ {'bigint': 'number', 'double': 'number', 'boolean': 'flag'}.get(kind, kind) }}_{{ name }}'
        {%- endfor %}
        {%- for name in calendar_days %}
        when not {{ is_calendar_day(contract_value(mapping[name], 'date', none)) }} then 'bad_date_{{ name }}'
        {%- endfor %}
        {%- for name, values in codes.items() if mapping[name] %}
        when {{ clean_alias(mapping[name]) }} not in ('{{ values | join("', '") }}') then 'bad_{{ name }}'
        {%- endfor %}
        {%- endif %}
    end
{%- endmacro %}
