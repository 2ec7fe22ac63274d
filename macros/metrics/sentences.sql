{#- Numbers and names as words of a sentence, for `analyses/`. -#}

{#- Percent: 0.838 is `84%`, or `83.8%` with one decimal. What is not all or none is never told as `100%` or `0%`. -#}
{% macro told_percent(rate, decimals=0) -%}
    {%- set smallest = 0.05 if decimals else 0.5 -%}
    case
        when ({{ rate }}) > 0 and 100 * ({{ rate }}) < {{ smallest }} then 'under {{ 0.1 if decimals else 1 }}%'
        when ({{ rate }}) < 1 and 100 * ({{ rate }}) >= 100 - {{ smallest }} then 'over {{ 99.9 if decimals else 99 }}%'
        else cast(cast(round(100 * ({{ rate }}), {{ decimals }}) as decimal(12, {{ decimals }})) as string) || '%'
    end
{%- endmacro %}

{#- One decimal, without a sign: 3.25 is `3.3`. -#}
{% macro told_size(number) -%}
    cast(cast(round(abs({{ number }}), 1) as decimal(12, 1)) as string)
{%- endmacro %}

{#- Points with their sign: `+2.0`, `-2.0`. -#}
{% macro told_points(points) -%}
    (case when ({{ points }}) < 0 then '-' else '+' end || {{ told_size(points) }})
{%- endmacro %}

{#- ` points (+0.5 to +3.0)` after a difference: what stands in the columns points_low and points_high. -#}
{% macro told_interval(low, high) -%}
    (' points (' || {{ told_points(low) }} || ' to ' || {{ told_points(high) }} || ')')
{%- endmacro %}

{#- A count, or that it is smaller than what may be told. -#}
{% macro told_count(count) -%}
    case
        when {{ count }} < {{ display_floor() }} then 'fewer than {{ display_floor() }}'
        else cast({{ count }} as string)
    end
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
