{#- The stages of the funnel and what is beside them: count and flag of int_funnel_units. -#}
{% macro funnel_counts() %}
    {% do return({
        'n_assigned': 'true',
        'n_completed': 'is_completed',
        'n_licensed': 'is_licensed',
        'n_no_licence': 'is_without_licence',
        'n_not_judged': 'is_not_judged',
        'n_tried': 'is_tried',
        'n_weekly_active': 'is_weekly_active',
        'n_habitual': 'is_habitual',
    }) %}
{% endmacro %}

{#- Select items: the counts over units, and over rows that hold them already. -#}
{% macro count_funnel() -%}
    {%- for name, flag in funnel_counts().items() %}
        cast(sum(case when {{ flag }} then 1 else 0 end) as bigint) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{% macro sum_funnel_counts() -%}
    {%- for name in funnel_counts() %}
        cast(sum({{ name }}) as bigint) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
