{#- A model that only decorates `compare_to` returns exactly its rows. Pair it with unique_key: a
    dropped row and a doubled one cancel out in the count, never in the key. `where_compare_to` and
    `where_model` narrow either side. -#}
{% test same_row_count(model, compare_to, where_compare_to=none, where_model=none) %}

select
    model_rows.row_count as rows_in_model,
    compared_rows.row_count as rows_compared_to,
    model_rows.row_count - compared_rows.row_count as difference,
    '{{ compare_to }}' as compared_to

from (
    select count(*) as row_count from {{ model }}
    {%- if where_model %} where {{ where_model }}{% endif %}
) as model_rows

cross join (
    select count(*) as row_count from {{ compare_to }}
    {%- if where_compare_to %} where {{ where_compare_to }}{% endif %}
) as compared_rows

where model_rows.row_count != compared_rows.row_count

{% endtest %}
