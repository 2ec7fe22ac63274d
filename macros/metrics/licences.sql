{#- The groups of licence_value for each tool, over int_licence_people (attributes of as_of_date). `tool` and the pairs
    with tools are made of these. -#}
{% macro licence_dimensions() %}
    {% set dimensions = {'all': "'all'"} %}
    {% for attribute in ['track', 'audience', 'role_group', 'department', 'location'] %}
        {% do dimensions.update({attribute: "coalesce(" ~ attribute ~ ", 'unknown')"}) %}
    {% endfor %}
    {% do dimensions.update({'manager': 'manager_group'}) if var('curve_managers') %}
    {{ return(dimensions) }}
{% endmacro %}

{#- What is counted: name → [what is summed, of whom], over int_licence_people. -#}
{% macro licence_counts() %}
    {% set uncertain = "seat_use in ('idle', 'unknown')" %}
    {% set gap = "training_use in ('not_using', 'unknown')" %}
    {{ return({
        'n_seats': ['n_seats', 'true'],
        'n_leaver_seats': ['n_seats', 'not is_employed'],
        'n_active_seats': ['n_seats', "seat_use = 'active'"],
        'n_idle_seats': ['n_seats', "seat_use = 'idle'"],
        'n_new_seats': ['n_seats', "seat_use = 'new'"],
        'n_unknown_use_seats': ['n_seats', "seat_use = 'unknown'"],
        'n_never_used_seats': ['n_seats', "seat_use = 'idle' and last_use_date is null"],
        'n_untrained_seats': ['n_seats', 'completion_date is null'],
        'n_weekly_active': ['1', 'n_seats > 0 and is_weekly_active'],
        'n_adopters': ['1', 'n_seats > 0 and is_adopted'],
        'n_adopters_not_judged': ['1', 'n_seats > 0 and not is_judged'],
        'n_seats_without_cost': ['n_seats_without_cost', 'true'],
        'n_uncertain_seats_without_cost': ['n_seats_without_cost', uncertain],
        'n_completers': ['1', 'training_use is not null'],
        'n_completers_active': ['1', "training_use = 'active'"],
        'n_completers_not_using': ['1', "training_use = 'not_using'"],
        'n_completers_new': ['1', "training_use = 'new'"],
        'n_completers_unknown': ['1', "training_use = 'unknown'"],
        'n_gap_seats': ['n_seats', "training_use = 'not_using'"],
        'n_gap_seats_without_cost': ['n_seats_without_cost', gap],
        'n_gap_without_hours': ['1', gap ~ ' and training_hours is null'],
    }) }}
{% endmacro %}

{#- Sums of money and hours as reported; NULL where nothing was. -#}
{% macro licence_sums() %}
    {{ return({
        'monthly_cost': ['monthly_cost', 'true'],
        'idle_monthly_cost': ['monthly_cost', "seat_use = 'idle'"],
        'unknown_use_monthly_cost': ['monthly_cost', "seat_use = 'unknown'"],
        'untrained_monthly_cost': ['monthly_cost', 'completion_date is null'],
        'gap_monthly_cost': ['monthly_cost', "training_use = 'not_using'"],
        'unknown_gap_monthly_cost': ['monthly_cost', "training_use = 'unknown'"],
        'gap_training_hours': ['training_hours', "training_use = 'not_using'"],
        'unknown_gap_training_hours': ['training_hours', "training_use = 'unknown'"],
    }) }}
{% endmacro %}

{#- A known sum over nobody is 0; NULL where nothing was reported of those counted. -#}
{% macro known_sum(name, count) -%}
    case when {{ count }} = 0 then 0e0 else {{ name }} end
{%- endmacro %}

{#- Sum of hours or money that does not depend on the order of rows: in thousandths of a second, or of a 3600th of a unit of
    money, which cents are whole numbers of. As doubles, one more day and a full refresh differed in the last digits. -#}
{% macro exact_sum(amount) -%}
    cast(sum(cast(round(3600 * ({{ amount }}), 3) as decimal(28, 3))) as double) / 3600
{%- endmacro %}

{#- Select items: the counts and sums over int_licence_people. -#}
{% macro count_licences() -%}
    {%- for name, rule in licence_counts().items() %}
        cast(sum(case when {{ rule[1] }} then {{ rule[0] }} else 0 end) as bigint) as {{ name }},
    {%- endfor %}
    {%- for name, rule in licence_sums().items() %}
        {{ exact_sum('case when ' ~ rule[1] ~ ' then ' ~ rule[0] ~ ' end') }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The same, over rows that hold these already. -#}
{% macro sum_licence_counts() -%}
    {%- for name in licence_counts() %}
        cast(sum({{ name }}) as bigint) as {{ name }},
    {%- endfor %}
    {%- for name in licence_sums() %}
        {{ exact_sum(name) }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The same of nobody, but for what `known` gives. -#}
{% macro no_licences(known) -%}
    {%- for name in licence_counts() %}
        {{ known.get(name, '0') }} as {{ name }},
    {%- endfor %}
    {%- for name in licence_sums() %}
        {{ known.get(name, 'cast(null as double)') }} as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}
