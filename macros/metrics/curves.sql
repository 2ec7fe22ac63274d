{#- The weeks of a curve, in their order: number (-4 … -1, 1 … 26), first and last day, and the bit that
    stands for the week in a unit's sets of weeks (one whole number per unit instead of a row per week).
    Seven days each, whatever block_days is; day 0 is in none. -#}
{% macro curve_weeks() %}
    {% set weeks = [] %}
    {% set before = var('curve_weeks_before') %}
    {% for i in range(before + var('curve_weeks_after')) %}
        {% set first_day = 7 * (i - before) if i < before else 7 * (i - before) + 1 %}
        {% do weeks.append({
            'number': i - before if i < before else i - before + 1,
            'first_day': first_day,
            'last_day': first_day + 6,
            'bit': 2 ** i,
        }) %}
    {% endfor %}
    {{ return(weeks) }}
{% endmacro %}

{#- The bit of the week that holds a day number; day 0 and days outside every week must be left out. -#}
{% macro curve_week_bit(day_number) -%}
    cast(power(2, case
            when {{ day_number }} < 0
                then floor(({{ day_number }} + {{ 7 * var('curve_weeks_before') }}) / 7e0)
            else {{ var('curve_weeks_before') }} + floor(({{ day_number }} - 1) / 7e0)
        end) as bigint)
{%- endmacro %}

{#- The set of weeks for which a condition holds; `condition` names {first_day}, {last_day}, {shift}. The
    shift is that of int_curve_windows: in weeks before day 0 weekly tools end on another day number. -#}
{% macro curve_weeks_where(condition, shift_before='0', shift_after='0') -%}
    cast(0
        {%- for week in curve_weeks() %}
        + case when {{ condition
            | replace('{first_day}', week.first_day | string)
            | replace('{last_day}', week.last_day | string)
            | replace('{shift}', shift_before if week.number < 0 else shift_after)
        }} then {{ week.bit }} else 0 end
        {%- endfor %}
        as bigint)
{%- endmacro %}

{#- What is counted of unit-weeks: name and the set of weeks it is counted from. -#}
{% macro curve_counts() %}
    {% do return({
        'n_window_open': 'open_weeks',
        'n_at_risk': 'at_risk_weeks',
        'n_active': 'active_weeks',
        'n_reversion_at_risk': 'reversion_at_risk_weeks',
        'n_reverted': 'reverted_weeks',
    }) %}
{% endmacro %}

{#- Select items: one count per week and name, over units. Millions of units are read once instead of once
    per week. -#}
{% macro count_curve_weeks() -%}
    {%- for name, weeks in curve_counts().items() %}
    {%- for week in curve_weeks() %}
        sum(case when ({{ weeks }} & {{ week.bit }}) > 0 then 1 else 0 end)
            as {{ name }}_{{ loop.index }},
    {%- endfor %}
    {%- endfor %}
        count(*) as n_completed
{%- endmacro %}

{#- Select items: the same, over rows that hold the counts of one week. -#}
{% macro sum_curve_counts() -%}
        cast(sum(n_completed) as bigint) as n_completed,
    {%- for name in curve_counts() %}
        cast(sum({{ name }}) as bigint) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- Select items: of these counts those of the week numbered `week_index`. -#}
{% macro counts_of_curve_week(counts, week_index) -%}
        cast({{ counts }}.n_completed as bigint) as n_completed,
    {%- for name in curve_counts() %}
        cast(case {{ week_index }}
        {%- for week in curve_weeks() %}
            when {{ loop.index }} then {{ counts }}.{{ name }}_{{ loop.index }}
        {%- endfor %}
        end as bigint) as {{ name }}{{ ',' if not loop.last }}
    {%- endfor %}
{%- endmacro %}

{#- The dimensions of curves: per-manager ones are left out where the var curve_managers is false. -#}
{% macro curve_dimensions() %}
    {% set dimensions = [] %}
    {% for dimension in adoption_dimensions() if var('curve_managers') or not dimension.per_manager %}
        {% do dimensions.append(dimension) %}
    {% endfor %}
    {{ return(dimensions) }}
{% endmacro %}
