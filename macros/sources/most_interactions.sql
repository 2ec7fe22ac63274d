{#- More interactions of one person with one tool on one day are no count but a mistake of the export: a million is
    twelve a second, day and night. -#}
{% macro most_interactions_a_day() %}{{ return(1000000) }}{% endmacro %}
