{#- First match of a group (no backslashes in patterns: the engines unescape literals differently). -#}
{% macro regex_get(expression, pattern, group=0) %}nullif(regexp_extract({{ expression }}, '{{ pattern }}', {{ group }}), ''){% endmacro %}

{% macro regex_matches(expression, pattern) %}{{ return(adapter.dispatch('regex_matches', 'certgap')(expression, pattern)) }}{% endmacro %}
{% macro default__regex_matches(expression, pattern) %}regexp_matches({{ expression }}, '{{ pattern }}'){% endmacro %}
{% macro spark__regex_matches(expression, pattern) %}({{ expression }} rlike '{{ pattern }}'){% endmacro %}

{% macro sha256_text(expression) %}{{ return(adapter.dispatch('sha256_text', 'certgap')(expression)) }}{% endmacro %}
{% macro default__sha256_text(expression) %}sha256({{ expression }}){% endmacro %}
{% macro spark__sha256_text(expression) %}sha2({{ expression }}, 256){% endmacro %}

{#- Aggregate: the texts of a group in order, joined by '|'. -#}
{% macro string_list(expression) %}{{ return(adapter.dispatch('string_list', 'certgap')(expression)) }}{% endmacro %}
{% macro default__string_list(expression) %}string_agg({{ expression }}, '|' order by {{ expression }}){% endmacro %}
{% macro spark__string_list(expression) %}concat_ws('|', sort_array(collect_list({{ expression }}))){% endmacro %}

{#- Aggregate: the median, the mean of the two middle values when their number is even. -#}
{% macro median_of(expression) %}{{ return(adapter.dispatch('median_of', 'certgap')(expression)) }}{% endmacro %}
{% macro default__median_of(expression) %}cast(median({{ expression }}) as double){% endmacro %}
{% macro spark__median_of(expression) %}cast(percentile({{ expression }}, 0.5) as double){% endmacro %}
