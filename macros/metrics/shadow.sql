{#- The groups of shadow_ai. No managers: a team is few people, and who uses what is not counted for them. -#}
{% macro shadow_dimensions() %}
    {% set dimensions = {'all': "'all'"} %}
    {% for attribute in ['track', 'audience', 'role_group', 'department', 'location'] %}
        {% do dimensions.update({attribute: "coalesce(" ~ attribute ~ ", 'unknown')"}) %}
    {% endfor %}
    {{ return(dimensions) }}
{% endmacro %}

{#- What shadow_ai counts: of months first, then of the days around the training. -#}
{% macro shadow_counts() %}
    {{ return([
        'n_people', 'n_shadow_users', 'n_requests', 'n_accounts', 'n_trained', 'n_trained_shadow_users',
        'n_approved_users', 'n_shadow_and_approved', 'n_trained_approved_users', 'n_trained_shadow_and_approved',
        'n_trained_judged', 'n_shadow_before', 'n_stopped', 'n_started', 'n_substituted',
    ]) }}
{% endmacro %}

{#- Of a person's month with a consumer tool, over int_shadow_use. -#}
{% macro counts_of_shadow_use() %}
    {% set counts = {'n_requests': 'n_requests'} %}
    {% for name, condition in {
        'n_shadow_users': 'is_shadow_user',
        'n_trained_shadow_users': 'is_shadow_user and is_trained',
        'n_approved_users': 'is_approved_user',
        'n_shadow_and_approved': 'is_shadow_user and is_approved_user',
        'n_trained_approved_users': 'is_approved_user and is_trained',
        'n_trained_shadow_and_approved': 'is_shadow_user and is_approved_user and is_trained',
    }.items() %}
        {% do counts.update({name: 'case when ' ~ condition ~ ' then 1 else 0 end'}) %}
    {% endfor %}
    {{ return(counts) }}
{% endmacro %}

{#- Of a trained person and a consumer tool, over int_substitutions. -#}
{% macro counts_of_substitution() %}
    {% set counts = {} %}
    {% for name, condition in {
        'n_shadow_before': 'is_before',
        'n_stopped': 'is_before and not is_after',
        'n_started': 'is_after and not is_before',
        'n_substituted': 'is_before and not is_after and is_approved_after',
    }.items() %}
        {% do counts.update({name: 'case when ' ~ condition ~ ' then 1 else 0 end'}) %}
    {% endfor %}
    {{ return(counts) }}
{% endmacro %}

{#- Select items: the counts that are given, and 0 for the others. -#}
{% macro count_shadow(given) -%}
    {%- for name in shadow_counts() %}
        {{ given.get(name, '0') }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Condition: users among people may be told of. There are none, or enough, and enough others beside them: where all of a
    group use a tool, the figure tells it of each of them. Not told: nothing to hide. -#}
{% macro users_among_others(users, people) -%}
    coalesce(
            {{ users }} = 0
            or ({{ users }} >= {{ display_floor() }} and {{ people }} - {{ users }} >= {{ display_floor() }}),
            true
        )
{%- endmacro %}

{#- Condition: each count is none or enough, of each pair users are among enough others, and each gap to all tools is none
    or enough. -#}
{% macro are_enough(counts, pairs, gaps) -%}
    {%- set conditions = ['true'] -%}
    {%- for count in counts %}{% do conditions.append(none_or_enough(count)) %}{% endfor -%}
    {%- for users, people in pairs %}{% do conditions.append(users_among_others(users, people)) %}{% endfor -%}
    {%- for count in gaps %}{% do conditions.append(none_or_enough('gap_of_' ~ count)) %}{% endfor -%}
    ({{ conditions | join('\n            and ') }})
{%- endmacro %}

{#- What the groups of a dimension that are not shown have together: `all` less those shown. -#}
{% macro left_of_all(shown, count) -%}
    (max(case when dimension = 'all' then {{ count }} end) over (partition by consumer_tool, usage_month)
            - sum(case when {{ shown }} then {{ count }} else 0 end) over (
                partition by consumer_tool, usage_month, dimension
            ))
{%- endmacro %}

{#- Condition: this is the smallest group shown that has any of the count. Each group shown has none or enough of it, so what
    is not shown has enough if this one is hidden, too. -#}
{% macro is_smallest_shown(shown, count) -%}
    dimension <> 'all'
            and {{ shown }}
            and row_number() over (
                partition by consumer_tool, usage_month, dimension
                order by
                    case when not {{ shown }} then 2 when {{ count }} > 0 then 0 else 1 end,
                    {{ count }},
                    dimension_value
            ) = 1
{%- endmacro %}

{#- Condition: the groups that are not shown have few together, which follows from `all` by subtraction; this one hides them. -#}
{% macro hides_few_left(shown, count) -%}
    coalesce(
            {{ left_of_all(shown, count) }} > 0
            and {{ left_of_all(shown, count) }} < {{ display_floor() }}
            and {{ is_smallest_shown(shown, count) }},
            false
        )
{%- endmacro %}

{#- Condition: the groups that are not shown have few users together, or few others beside some users; this one hides them. -#}
{% macro hides_what_is_left(shown, users, people) -%}
    {%- set others = people ~ ' - ' ~ users -%}
    coalesce(
            {{ left_of_all(shown, users) }} > 0
            and (
                {{ hides_few_left(shown, users) }}
                or (
                    {{ left_of_all(shown, others) }} < {{ display_floor() }}
                    and {{ is_smallest_shown(shown, others) }}
                )
            ),
            false
        )
{%- endmacro %}

{#- How many more `all` consumer tools have than this one: who uses only others. None or enough of them may follow. Where the
    people of the two are not the same, `all` may have less, which tells of nobody and is hidden, too. -#}
{% macro gap_to_all_tools(count) -%}
    max(case when consumer_tool = 'all' then {{ count }} end) over (partition by usage_month, dimension, dimension_value)
            - {{ count }}
{%- endmacro %}

{#- Condition: the groups of the dimension that are not shown, of this tool or of all, have together as many as those of `all`
    consumer tools, or enough less. -#}
{% macro is_rest_apart_from_all_tools(shown, gap) -%}
    (dimension = 'all' or {{ none_or_enough(left_of_all(shown, gap)) }})
{%- endmacro %}
