{#- JSON held as text. Paths are JSONPath like `$.actor.account.name`. DuckDB fails on malformed text,
    so ask is_json() first. -#}
{% macro is_json(expression) %}{{ return(adapter.dispatch('is_json', 'certgap')(expression)) }}{% endmacro %}
{% macro default__is_json(expression) %}coalesce(json_valid({{ expression }}), false){% endmacro %}
{% macro spark__is_json(expression) %}(get_json_object({{ expression }}, '$') is not null){% endmacro %}

{#- Text at a path: scalars unquoted, objects and arrays as JSON text, NULL when absent or null. -#}
{% macro json_get(expression, path) %}{{ return(adapter.dispatch('json_get', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_get(expression, path) %}json_extract_string({{ expression }}, '{{ path }}'){% endmacro %}
{% macro spark__json_get(expression, path) %}get_json_object({{ expression }}, '{{ path }}'){% endmacro %}

{#- The same at a path that the row itself names. A NULL path gives NULL. -#}
{% macro json_get_at(expression, path) %}{{ return(adapter.dispatch('json_get_at', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_get_at(expression, path) %}json_extract_string({{ expression }}, {{ path }}){% endmacro %}
{% macro spark__json_get_at(expression, path) %}get_json_object({{ expression }}, {{ path }}){% endmacro %}

{#- Select item: one output row per element of the array at `path`, each as JSON text. A row whose
    array is empty or absent yields no row. One such item per select. -#}
{% macro json_array_elements(expression, path) %}{{ return(adapter.dispatch('json_array_elements', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_array_elements(expression, path) %}unnest(cast(json_extract({{ expression }}, '{{ path }}') as varchar[])){% endmacro %}
{% macro spark__json_array_elements(expression, path) %}explode(from_json(get_json_object({{ expression }}, '{{ path }}'), 'array<string>')){% endmacro %}

{#- Number of elements of the array at `path`; 0 or NULL where there is none. -#}
{% macro json_array_size(expression, path) %}{{ return(adapter.dispatch('json_array_size', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_array_size(expression, path) %}json_array_length({{ expression }}, '{{ path }}'){% endmacro %}
{% macro spark__json_array_size(expression, path) %}json_array_length(get_json_object({{ expression }}, '{{ path }}')){% endmacro %}
