{#- Smallest denominator that may be shown: var min_cell, never below the hard floor of 5. -#}
{% macro display_floor() %}{{ return([5, var('min_cell') | int] | max) }}{% endmacro %}

{#- Select items that show each column only where `condition` holds, else NULL. -#}
{% macro shown_where(condition, columns) -%}
    {%- for column in columns %}
        case when {{ condition }} then {{ column }} end as {{ column }}
        {{- ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Why a cell hides something: the names of the conditions that fail, joined by '; ', NULL if none.
    `conditions` maps the reason to the condition under which its part is shown. -#}
{% macro suppression_reasons(conditions) -%}
    nullif(trim(
        {%- for reason, condition in conditions.items() %}
        case when {{ condition }} then '' else '{{ reason }} ' end
            {{- ' ||' if not loop.last }}
        {%- endfor %}
    ), '')
{%- endmacro %}

{#- Condition: the count is 0 or large enough to be shown, so that what it is left out of may be shown beside it. -#}
{% macro none_or_enough(count) -%}
    (coalesce({{ count }}, 0) = 0 or {{ count }} >= {{ display_floor() }})
{%- endmacro %}

{#- How far a count of program `all` goes beyond that of one program (beyond_<count>), and beyond the programs large enough
    to be shown, together (rest_of_<count>), within the cells that `partition` names. -#}
{% macro beside_programs(count, partition) -%}
    {%- set all_programs = "max(case when program_id = 'all' then " ~ count ~ ' end) over (partition by ' ~ partition ~ ')' -%}
    {{ all_programs }} - {{ count }} as beyond_{{ count }},
        {{ all_programs }} - coalesce(sum(case
            when program_id <> 'all' and {{ count }} >= {{ display_floor() }} then {{ count }}
        end) over (partition by {{ partition }}), 0) as rest_of_{{ count }}
{%- endmacro %}

{#- Condition: neither is a few people, who would follow from `all` by one subtraction. -#}
{% macro is_apart_from_all(count) -%}
    (
            program_id = 'all'
            or coalesce(
                (beyond_{{ count }} <= 0 or beyond_{{ count }} >= {{ display_floor() }})
                and (rest_of_{{ count }} <= 0 or rest_of_{{ count }} >= {{ display_floor() }}),
                true
            )
        )
{%- endmacro %}
