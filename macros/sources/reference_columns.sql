{#- Select list over a reference seed: each column typed; a column the customer's file lacks is NULL.
    `columns` maps name to SQL type. Asks the database, because only the file knows its header. -#}
{% macro reference_columns(seed, columns) -%}
    {%- set present = [] -%}
    {%- if execute -%}
        {%- for column in adapter.get_columns_in_relation(seed) -%}
            {%- do present.append(column.name | lower) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- for name, type in columns.items() %}
        {% if not execute or name in present -%}
            {%- if type == 'string' -%}
        nullif(trim(cast({{ name }} as string)), '') as {{ name }}
            {%- else -%}
        cast({{ name }} as {{ type }}) as {{ name }}
            {%- endif -%}
        {%- else -%}
        cast(null as {{ type }}) as {{ name }}
        {%- endif -%}
        {{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
