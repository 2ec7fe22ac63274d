{#- The relation has rows: every other test passes on an empty table. -#}
{% test not_empty(model) %}

select '{{ model | replace("'", "") }} has no rows' as broken_rule

from (select count(*) as row_count from {{ model }}) as counted

where row_count = 0

{% endtest %}
