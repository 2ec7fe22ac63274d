{#- The joins a model declares hold in its data. `joins` is the model's own meta.joins (YAML anchor);
    `checks`: structure (right key, types, row counts, match rates of 1), match_rate (lower ones), or
    both. A failure is one row per join and check: how many rows, five example keys, where to look. At
    parse time only the refs within `joins` matter, so a misspelt declaration fails its own test, not
    everybody's parse. -#}
{% test guarded_joins(model, joins, checks=['structure', 'match_rate']) %}

{%- set found = [] -%}
{%- set measures = [] -%}
{%- for declaration in joins if execute -%}
    {%- set join = declared_join(declaration, model) -%}
    {%- set prefix = 'join_' ~ loop.index -%}
    {%- if 'structure' in checks -%}
        {%- do check_right_side(join, model, prefix, found) -%}
        {%- do check_key_columns(join, model, prefix, found) -%}
        {%- do check_row_counts(join, model, prefix, found) -%}
    {%- endif -%}
    {#- A rate of exactly 1 holds by construction: it is structure, also where lower rates only warn. -#}
    {%- if ('structure' if join.min_match_rate | float == 1 else 'match_rate') in checks -%}
        {%- do check_match_rate(join, model, prefix, found) -%}
        {%- do check_case_of_keys(join, model, prefix, found) -%}
    {%- endif -%}
    {%- if found | join | replace(prefix ~ '_matched', '') != found | join -%}
        {%- do measures.append(join_measure_ctes(join, model, prefix)) -%}
    {%- endif -%}
{%- endfor %}

with

{% for measure in measures %}
{{ measure }},
{% endfor %}
broken_joins as (

    select
        cast(null as string) as join_name,
        cast(null as string) as broken_check,
        cast(0 as bigint) as row_count,
        cast(null as string) as example_keys,
        cast(null as string) as where_to_look

    where 1 = 0
    {%- for broken in found %}

    union all
    {{ broken }}
    {%- endfor %}

)

select * from broken_joins

{% endtest %}
