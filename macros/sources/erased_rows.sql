{#- Intake relation `erased_rows`, one row per feed: what `certgap erase` has taken out of its files. The record is
    CERTGAP_ERASURES, else beside the working database; it says how many, not who. -#}
{% macro create_erased_rows() %}
    {% set columns = {'source_system': 'string', 'category': 'string', 'feed': 'string', 'n_rows': 'bigint'} %}
    {% set path = kept_folder('CERTGAP_ERASURES', 'erasures') ~ '/erased_rows.csv' %}
    {% do create_listed_relation(
        intake_relation('erased_rows'), columns, read_list(path, columns.keys() | list, 'CERTGAP_ERASURES')
    ) %}
{% endmacro %}
