{#- Numbers and names as words of a sentence, for `analyses/`. -#}

{#- Whole percent: 0.838 is `84%`. -#}
{% macro told_percent(rate) -%}
    (cast(cast(round(100 * {{ rate }}) as integer) as string) || '%')
{%- endmacro %}

{#- One decimal, without a sign: 3.25 and -3.25 are `3.3`. -#}
{% macro told_size(points) -%}
    cast(cast(round(abs({{ points }}), 1) as decimal(12, 1)) as string)
{%- endmacro %}

{#- `2.0 more`, `2.0 fewer`: of 100 people, or of 100 weeks. -#}
{% macro told_change(points) -%}
    ({{ told_size(points) }} || case when {{ points }} < 0 then ' fewer' else ' more' end)
{%- endmacro %}

{#- What a row speaks of, first in its sentence: `m365_copilot, all programs: `. -#}
{% macro told_scope(program='program_id', tool='tool_id') -%}
    (
        case {{ tool }} when 'all' then 'All tools' else {{ tool }} end
        || ', '
        || case {{ program }} when 'all' then 'all programs' else {{ program }} end
        || ': '
    )
{%- endmacro %}

{#- The code of a reason as words: `few_people` is `few people`. -#}
{% macro told_reason(reason) -%}
    replace(coalesce({{ reason }}, 'no reason given'), '_', ' ')
{%- endmacro %}
