{#- Host of a URL or of `host:port`, lower-cased, without blanks around it and without a dot at its end. NULL: none. -#}
{% macro host_of(url) -%}
    {{ clean_text(regex_get(clean_alias(url), '^([a-z]+://)?([^/:?#]*[^/:?#.])', 2)) }}
{%- endmacro %}


{#- Body of a CTE over `hosts` (request_host): one row per host and tail of 2 to 8 labels of it. What is joined is whole
    labels, so that notchatgpt.com is no chatgpt.com. -#}
{% macro host_tails() -%}
    {%- for n_labels in range(2, 9) %}
    select
        request_host,
        {{ regex_get('request_host', '([^.]+[.]){' ~ (n_labels - 1) ~ '}[^.]+$') }} as host_tail,
        {{ n_labels }} as n_labels

    from hosts

    {{ 'union all' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
