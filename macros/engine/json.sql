{#- JSON held as text. Paths are JSONPath like `$.actor.account.name`. What is looked for in a text that is no JSON is
    NULL: a value is often a text where an array or an object is expected. DuckDB would fail, hence try(), which costs
    nothing where all is JSON. is_json() tells such a text from one that lacks the path. -#}
{% macro is_json(expression) %}{{ return(adapter.dispatch('is_json', 'certgap')(expression)) }}{% endmacro %}
{% macro default__is_json(expression) %}coalesce(json_valid({{ expression }}), false){% endmacro %}
{% macro spark__is_json(expression) %}(get_json_object({{ expression }}, '$') is not null){% endmacro %}

{#- Text at a path: scalars unquoted, objects and arrays as JSON text, NULL when absent or null. -#}
{% macro json_get(expression, path) %}{{ return(adapter.dispatch('json_get', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_get(expression, path) %}try(json_extract_string({{ expression }}, '{{ path }}')){% endmacro %}
{% macro spark__json_get(expression, path) %}get_json_object({{ expression }}, '{{ path }}'){% endmacro %}

{#- The same at a path that the row itself names. A NULL path gives NULL. -#}
{% macro json_get_at(expression, path) %}{{ return(adapter.dispatch('json_get_at', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_get_at(expression, path) %}try(json_extract_string({{ expression }}, {{ path }})){% endmacro %}
{% macro spark__json_get_at(expression, path) %}get_json_object({{ expression }}, {{ path }}){% endmacro %}

{#- Select item: one output row per element of the array at `path`, each as JSON text. A row whose
    array is empty or absent, or no array, yields no row. One such item per select. -#}
{% macro json_array_elements(expression, path) %}{{ return(adapter.dispatch('json_array_elements', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_array_elements(expression, path) %}unnest(try(cast(json_extract({{ expression }}, '{{ path }}') as varchar[]))){% endmacro %}
{% macro spark__json_array_elements(expression, path) %}explode(from_json(get_json_object({{ expression }}, '{{ path }}'), 'array<string>')){% endmacro %}

{#- Number of elements of the array at `path`; 0 or NULL where there is none. -#}
{% macro json_array_size(expression, path) %}{{ return(adapter.dispatch('json_array_size', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_array_size(expression, path) %}try(json_array_length({{ expression }}, '{{ path }}')){% endmacro %}
{% macro spark__json_array_size(expression, path) %}json_array_length(get_json_object({{ expression }}, '{{ path }}')){% endmacro %}

{#- Whether a text is a JSON array, false for NULL: the value at a path may be a text that only begins like one. -#}
{% macro is_json_array(expression) -%}
    (coalesce({{ expression }}, '') like '[%' and {{ json_array_size(expression, '$') }} is not null)
{%- endmacro %}
