{#- Training effects: group-time differences in differences (decision 0012). A panel's unit has a treated_period
    (the first period it is treated in); never_treated() stands for none within the panel. -#}
{% macro never_treated() %}999999{% endmacro %}

{#- Parameters are numbered: leads -1, -2 … -effect_leads first, as 1, 2 …, so that their covariances are found
    by number; then everything else: `overall`, three `all` rows and a value per event time, group and period. -#}
{% macro effect_parameters() %}{{ return(var('effect_leads') + 4 + 3 * (var('effect_months') - 1)) }}{% endmacro %}

{#- Pairs of parameters whose covariance is needed: each with itself, and the leads with each other. -#}
{% macro effect_pairs() %}
    {% set pairs = [] %}
    {% for first in range(1, effect_parameters() + 1) %}
        {% do pairs.append([first, first]) %}
        {% for second in range(first + 1, var('effect_leads') + 1) if first <= var('effect_leads') %}
            {% do pairs.append([first, second]) %}
        {% endfor %}
    {% endfor %}
    {{ return(pairs) }}
{% endmacro %}

{#- Whether units first treated in `candidate` may be compared with group `treated` in `period`. Later periods than
    `period` are not treated by then; never_treated() is later than all. -#}
{% macro is_effect_control(candidate, treated, period, control_group) -%}
    {{ candidate }} > {{ period }}
        and {{ candidate }} <> {{ treated }}
        and ({{ control_group }} = 'not_yet_treated' or {{ candidate }} = {{ never_treated() }})
{%- endmacro %}

{#- Upper tail of the chi-square distribution for 1 to `most` degrees of freedom: Q(k) = Q(k - 2) +
    (x/2)^(k/2 - 1) exp(-x/2) / Γ(k/2). `root` is a column with sqrt(x), `freedom` one with k. -#}
{% macro chi_square_p(root, freedom, most) -%}
    {%- set half = '(' ~ root ~ ' * ' ~ root ~ ' / 2e0)' -%}
    case {{ freedom }}
    {%- for k in range(1, most + 1) %}
        when {{ k }} then
            {%- if k % 2 %} ({{ two_sided_p(root) }}){% else %} exp(-{{ half }}){% endif %}
        {%- set gamma = namespace(value=1.7724538509055159 if k % 2 else 1.0) -%}
        {%- for j in range(3 if k % 2 else 4, k + 1, 2) -%}
            {%- set gamma.value = gamma.value * (j / 2 - 1) %}
            + power({{ half }}, {{ j / 2 - 1 }}) * exp(-{{ half }}) / {{ gamma.value }}e0
        {%- endfor %}
    {%- endfor %}
    end
{%- endmacro %}

{#- Months counted through, so that a month less a month is a number of months. -#}
{% macro month_number(day) -%}
    cast(12 * extract(year from {{ day }}) + extract(month from {{ day }}) as integer)
{%- endmacro %}

{#- 'YYYY-MM' of such a number. -#}
{% macro month_of_number(number) -%}
    cast(cast(floor(({{ number }} - 1) / 12e0) as integer) as string)
        || case when {{ number }} - 12 * floor(({{ number }} - 1) / 12e0) < 10 then '-0' else '-' end
        || cast(cast({{ number }} - 12 * floor(({{ number }} - 1) / 12e0) as integer) as string)
{%- endmacro %}

{#- The readings of who is treated: whoever completed, whoever was assigned (intention to treat), and, of `all` programs only,
    the untrained once somebody of their team completed. -#}
{% macro effect_estimators() %}{{ return(['completion', 'assignment', 'team_mates']) }}{% endmacro %}

{#- E-value of a risk ratio of 1 or more (VanderWeele & Ding 2017): how strongly something not measured would have to go
    with both the training and the use, as a risk ratio, to explain the difference alone. 1: nothing need. -#}
{% macro e_value(risk_ratio) -%}
    {{ risk_ratio }} + sqrt({{ risk_ratio }} * ({{ risk_ratio }} - 1))
{%- endmacro %}
