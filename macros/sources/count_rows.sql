{#- Aggregate: rows of BambooHR's job info over documents of either shape (the table, or the changed tables); a
    document without rows counts as one row, as it does in its base model. -#}
{% macro count_bamboohr_job_rows(column) -%}
    sum(case
        when not {{ is_json(column) }} then 1
        when {{ json_array_size(column, '$') }} > 0 then {{ json_array_size(column, '$') }}
        when substr({{ json_get(column, '$.employees') }}, 1, 1) = '{'
            and {{ json_member_array_length(column, '$.employees', 'rows') }} > 0
            then {{ json_member_array_length(column, '$.employees', 'rows') }}
        else 1
    end)
{%- endmacro %}
