{#- Instant (UTC) of OData version 2: `/Date(1601856000000)/`. Negative before 1970. An offset behind the number is the
    writer's zone in minutes and does not move the instant. NULL if unreadable. -#}
{% macro odata_timestamp(expression) -%}
    {{ epoch_ms_to_timestamp(
        try_cast(regex_get(expression, '^/Date[(](-?[0-9]+)([+-][0-9]+)?[)]/$', 1), 'bigint')
    ) }}
{%- endmacro %}


{#- What an emplStatus of SuccessFactors means: active, leave or terminated (var successfactors_statuses); NULL for a
    code that the var does not list. -#}
{% macro successfactors_status(code) -%}
    case
        {%- for meaning, codes in var('successfactors_statuses').items() if codes %}
        when {{ code }} in ('{{ codes | map('string') | map('upper') | join("', '") }}') then '{{ meaning }}'
        {%- endfor %}
    end
{%- endmacro %}
