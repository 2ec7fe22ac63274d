{#- The day a report was asked for: the last date in the file's path. (The first one is the day of its delivery;
    a path with one date has it for both.) -#}
{% macro requested_day(source_file) -%}
    {{ try_cast(regex_get(source_file, '^.*([0-9]{4}-[0-9]{2}-[0-9]{2})', 1), 'date') }}
{%- endmacro %}
