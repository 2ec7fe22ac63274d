{#- Whether a delivery speaks for its days: for all people, not failed, readable, and with days at all. Never NULL. -#}
{% macro is_usable_delivery() -%}
    lower(trim(coalesce(population_scope, 'all'))) = 'all'
        and not coalesce(is_failed, false)
        and not coalesce(is_concealed, false)
        and coalesce(
            date_from <= coalesce(date_to, max_complete_date)
            and date_from <= coalesce(max_complete_date, date_to),
            false
        )
{%- endmacro %}


{#- The last day a delivery speaks for: what it holds, as far as the vendor calls it complete. -#}
{% macro last_delivered_day() -%}
    least(
            coalesce(date_to, max_complete_date),
            coalesce(max_complete_date, date_to)
        )
{%- endmacro %}
