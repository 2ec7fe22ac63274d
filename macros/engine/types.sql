{#- Casts that give NULL instead of an error, the same on both engines: whole numbers must be whole
    ('7.6' is NULL, '25.0' is 25), NaN and infinities are NULL. `type`: bigint, double, boolean, date. -#}
{% macro try_cast(expression, type) %}
    {%- if type == 'bigint' -%}
        case
            when abs(try_cast({{ expression }} as double)) < 9e15
                and try_cast({{ expression }} as double) = floor(try_cast({{ expression }} as double))
                then cast(try_cast({{ expression }} as double) as bigint)
        end
    {%- elif type == 'double' -%}
        case
            when abs(try_cast({{ expression }} as double)) < 1e300
                then try_cast({{ expression }} as double)
        end
    {%- elif type == 'boolean' -%}
        case
            when lower(trim(cast({{ expression }} as string))) in ('true', 't', '1', 'yes', 'y') then true
            when lower(trim(cast({{ expression }} as string))) in ('false', 'f', '0', 'no', 'n') then false
        end
    {%- elif type == 'date' -%}
        try_cast({{ expression }} as date)
    {%- else -%}
        {{ exceptions.raise_compiler_error("try_cast: type '" ~ type ~ "' is none of bigint, double, boolean, date") }}
    {%- endif -%}
{% endmacro %}

{#- Text ids as given, trimmed; blank is NULL. -#}
{% macro clean_text(expression) %}nullif(trim(cast({{ expression }} as string)), ''){% endmacro %}

{#- Aliases (mail, UPN, login): trimmed and lower-cased; blank is NULL. -#}
{% macro clean_alias(expression) %}nullif(lower(trim(cast({{ expression }} as string))), ''){% endmacro %}
