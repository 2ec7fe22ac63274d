{#- Seconds of an ISO 8601 duration in days and smaller (`P1DT2H3M4.5S`), NULL if it has none. Years
    and months have no fixed length and are left out, as xAPI advises against them. -#}
{% macro iso_duration_seconds(expression) -%}
    case
        when {{ regex_matches(expression, '^P([0-9.]+D)?(T([0-9.]+H)?([0-9.]+M)?([0-9.]+S)?)?$') }}
            then coalesce({{ try_cast(regex_get(expression, '([0-9.]+)D', 1), 'double') }}, 0) * 86400
                + coalesce({{ try_cast(regex_get(expression, 'T.*?([0-9.]+)H', 1), 'double') }}, 0) * 3600
                + coalesce({{ try_cast(regex_get(expression, 'T.*?([0-9.]+)M', 1), 'double') }}, 0) * 60
                + coalesce({{ try_cast(regex_get(expression, 'T.*?([0-9.]+)S', 1), 'double') }}, 0)
    end
{%- endmacro %}
