{#- CTEs `<prefix>_left` and `<prefix>_matched`: the left side per distinct key (and date), and the same
    with the number of right rows each finds. Grouping the left first is what makes it affordable: a
    spine of 62 million usage days has far fewer addresses x days, and the join runs on those.
    `<prefix>_matched` has example_key, row_count (left rows), fan_out (right rows found by each). -#}
{% macro join_measure_ctes(join, model, prefix) %}
{%- set parts = [] -%}
{%- for pair in join['keys'] -%}{%- do parts.append(pair[0]) -%}{%- endfor -%}
{%- if join.as_of -%}{%- do parts.append(join.as_of.date) -%}{%- endif -%}
{%- for condition in join['range'] -%}{%- do parts.append(condition[0]) -%}{%- endfor -%}
{%- if join.kind == 'cross' %}
{{ prefix }}_right as (

    select count(*) as right_count from {{ join_side(join, 'right', model) }}

),

{{ prefix }}_matched as (

    select
        '(all rows)' as example_key,
        left_rows.row_count,
        {{ prefix }}_right.right_count as fan_out

    from (select count(*) as row_count from {{ join_side(join, 'left', model) }}) as left_rows

    cross join {{ prefix }}_right

    where left_rows.row_count > 0

)
{%- else %}
{{ prefix }}_left as (

    select
        {%- for part in parts %}
        {{ part }} as part_{{ loop.index }},
        {%- endfor %}
        count(*) as row_count

    from {{ join_side(join, 'left', model) }}

    group by {% for part in parts %}{{ part }}{{ ', ' if not loop.last }}{% endfor %}

),

{{ prefix }}_right as (
    {#- An equality join needs only how often a key is there; intervals must be met one by one. #}
    select
        {%- for pair in join['keys'] %}
        {{ pair[1] }} as key_{{ loop.index }},
        {%- endfor %}
        {%- if join.as_of %}
        {{ join.as_of['from'] }} as interval_from,
        {{ join.as_of['to'] }} as interval_to,
        {%- endif %}
        {%- for condition in join['range'] %}
        {{ condition[2] }} as bound_{{ loop.index }},
        {%- endfor %}
        {{ 'count(*)' if join.kind == 'equality' else '1' }} as right_count

    from {{ join_side(join, 'right', model) }}
    {%- if join.kind == 'equality' %}

    group by {% for pair in join['keys'] %}{{ pair[1] }}{{ ', ' if not loop.last }}{% endfor %}
    {%- endif %}

),

{{ prefix }}_matched as (

    select
        {{ key_text(left_part_names(parts)) }} as example_key,
        {%- for pair in join['keys'] %}
        {{ prefix }}_left.part_{{ loop.index }},
        {%- endfor %}
        {{ prefix }}_left.row_count,
        sum(coalesce({{ prefix }}_right.right_count, 0)) as fan_out

    from {{ prefix }}_left

    left join {{ prefix }}_right
        on {{ join_condition(join, prefix) }}

    group by {% for part in parts %}part_{{ loop.index }}, {% endfor %}{{ prefix }}_left.row_count

)
{%- endif -%}
{% endmacro %}

{% macro left_part_names(parts) %}
    {%- set names = [] -%}
    {%- for part in parts -%}{%- do names.append('part_' ~ loop.index) -%}{%- endfor -%}
    {{ return(names) }}
{% endmacro %}

{% macro join_condition(join, prefix) %}
    {%- set conditions = [] -%}
    {%- set left = prefix ~ '_left.part_' -%}
    {%- set equal = ' is not distinct from ' if join.null_safe else ' = ' -%}
    {%- set n_keys = join['keys'] | length -%}
    {%- for pair in join['keys'] -%}
        {%- do conditions.append(left ~ loop.index ~ equal ~ prefix ~ '_right.key_' ~ loop.index) -%}
    {%- endfor -%}
    {%- if join.as_of -%}
        {%- set date = left ~ (n_keys + 1) -%}
        {%- set from = prefix ~ '_right.interval_from' -%}
        {%- set to = prefix ~ '_right.interval_to' -%}
        {%- if join.as_of.get('null_ends') -%}
            {%- set from = 'coalesce(' ~ from ~ ', ' ~ always() ~ ')' -%}
            {%- set to = 'coalesce(' ~ to ~ ', ' ~ still() ~ ')' -%}
        {%- endif -%}
        {%- do conditions.append(date ~ ' >= ' ~ from) -%}
        {%- do conditions.append(date ~ (' <= ' if join.as_of.get('to_inclusive') else ' < ') ~ to) -%}
    {%- endif -%}
    {%- set before = n_keys + (1 if join.as_of else 0) -%}
    {%- for condition in join['range'] -%}
        {%- do conditions.append(left ~ (before + loop.index) ~ ' ' ~ condition[1] ~ ' ' ~ prefix ~ '_right.bound_' ~ loop.index) -%}
    {%- endfor -%}
    {{ return(conditions | join(' and ')) }}
{% endmacro %}
