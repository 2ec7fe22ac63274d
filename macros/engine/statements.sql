{#- How many joins join_audit counts in one statement. DuckDB: one, so that memory stays that of the
    largest join. Spark spills and pays a second or two of overhead a statement (153 s of 586 s at 600
    employees, one join each). -#}
{% macro joins_per_statement() %}{{ return(adapter.dispatch('joins_per_statement', 'certgap')()) }}{% endmacro %}
{% macro default__joins_per_statement() %}{{ return(1) }}{% endmacro %}
{% macro spark__joins_per_statement() %}{{ return(12) }}{% endmacro %}
