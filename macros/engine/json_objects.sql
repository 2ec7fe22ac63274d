{#- Select item: one output row per member of the object at `path`, as JSON text with `key` and `value`. Take the
    value out with json_get(…, '$.value') before looking into it: DuckDB nests it, Spark writes it as text. -#}
{% macro json_object_members(expression, path) %}{{ return(adapter.dispatch('json_object_members', 'certgap')(expression, path)) }}{% endmacro %}
{% macro default__json_object_members(expression, path) %}cast(to_json(unnest(try(map_entries(from_json(json_extract({{ expression }}, '{{ path }}'), '"MAP(VARCHAR, JSON)"'))))) as varchar){% endmacro %}
{% macro spark__json_object_members(expression, path) %}explode(transform(map_entries(from_json(get_json_object({{ expression }}, '{{ path }}'), 'map<string,string>')), member -> to_json(member))){% endmacro %}

{#- How many elements the arrays called `array_name` have together, over the members of the object at `path`; a member
    without such an array counts as one. -#}
{% macro json_member_array_length(expression, path, array_name) %}{{ return(adapter.dispatch('json_member_array_length', 'certgap')(expression, path, array_name)) }}{% endmacro %}
{% macro default__json_member_array_length(expression, path, array_name) %}cast(list_sum(list_transform(try(map_values(from_json(json_extract({{ expression }}, '{{ path }}'), '"MAP(VARCHAR, JSON)"'))), member -> case when json_type(member, '$.{{ array_name }}') = 'ARRAY' then json_array_length(member, '$.{{ array_name }}') else 1 end)) as bigint){% endmacro %}
{% macro spark__json_member_array_length(expression, path, array_name) %}coalesce(aggregate(transform(map_values(from_json(get_json_object({{ expression }}, '{{ path }}'), 'map<string,string>')), member -> coalesce(json_array_length(get_json_object(member, '$.{{ array_name }}')), 1)), 0, (total, n) -> total + n), 0){% endmacro %}
