{#- What a check of data_quality says in one word, from its counts. Freshness counts days, not a share. -#}
{% macro quality_status(checks) -%}
    case
            when {{ checks }}.check_name = 'complete_through' and {{ checks }}.last_date is null then 'fail'
            when {{ checks }}.check_name = 'freshness' and {{ checks }}.n_checked = 0 then 'nothing_delivered'
            when {{ checks }}.check_name = 'freshness' and {{ checks }}.n_affected > {{ var('freshness_days') }}
                then 'warn'
            when {{ checks }}.check_name = 'freshness' then 'ok'
            when {{ checks }}.check_name = 'row_balance' and {{ checks }}.n_affected > 0 then 'fail'
            when {{ checks }}.n_affected > 0 and {{ checks }}.n_affected * 2 >= {{ checks }}.n_checked then 'fail'
            when {{ checks }}.n_affected > 0 then 'warn'
            when {{ checks }}.is_inferred then 'inferred'
            else 'ok'
        end
{%- endmacro %}
