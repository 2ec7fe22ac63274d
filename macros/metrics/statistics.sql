{#- Half of the 95% normal interval's width in standard deviations. -#}
{% macro z_95() %}1.959963984540054e0{% endmacro %}

{#- And where 80% of the normal distribution lie below: the power of a test. -#}
{% macro z_power_80() %}0.8416212335729143e0{% endmacro %}

{#- The same in Student's t with `freedom` degrees of freedom: tabled below 19, from there on by a Cornish-Fisher expansion
    (Abramowitz & Stegun 26.7.5) that is within 4e-7. -#}
{% macro t_95(freedom) -%}
    {%- set tabled = [
        '12.7062047361747e0', '4.30265272974946e0', '3.18244630528371e0', '2.77644510519779e0', '2.57058183563631e0',
        '2.44691185114498e0', '2.36462425159278e0', '2.30600413520417e0', '2.2621571627982e0', '2.22813885198627e0',
        '2.20098516009164e0', '2.17881282966723e0', '2.16036865646279e0', '2.1447866879178e0', '2.13144954555978e0',
        '2.11990529922125e0', '2.10981557783332e0', '2.10092204024104e0'
    ] -%}
    (case {{ freedom }}
        {% for quantile in tabled %}when {{ loop.index }} then {{ quantile }}
        {% endfor %}else {{ z_95() }} + (2.372271230298562e0 + (2.8224986157396112e0
        + (2.555849679507722e0 + 1.5895340533938225e0 / {{ freedom }}) / {{ freedom }}) / {{ freedom }}) / {{ freedom }}
    end)
{%- endmacro %}

{#- The normal deviate with the tail of a Student's t (Hill 1970, algorithm 395): from 3 degrees of freedom on within 4e-5
    of the two-sided p, from 9 on within 3e-9. In two steps, so that the root is a column: t_root(t, freedom), then this of
    it. -#}
{% macro t_root(t, freedom) -%}
    sqrt(({{ freedom }} - 0.5e0) * ln(1 + {{ t }} * {{ t }} / {{ freedom }}))
{%- endmacro %}
{% macro normal_of_t_root(root, freedom) -%}
    {%- set b = '(48 * power(' ~ freedom ~ ' - 0.5e0, 2))' -%}
    ({{ root }} + (power({{ root }}, 3) + 3 * {{ root }}) / {{ b }} - (
        4 * power({{ root }}, 7) + 33 * power({{ root }}, 5) + 240 * power({{ root }}, 3) + 855 * {{ root }}
    ) / (10 * {{ b }} * ({{ b }} + 0.8e0 * power({{ root }}, 4) + 100)))
{%- endmacro %}

{#- Two-sided p of a Student's t, of which `z` is the normal deviate: exact for 1 and 2 degrees of freedom. -#}
{% macro student_p(t, freedom, z) -%}
    case {{ freedom }}
        when 1 then 1 - atan(abs({{ t }})) / 1.5707963267948966e0
        when 2 then 1 - abs({{ t }}) / sqrt({{ t }} * {{ t }} + 2)
        else {{ two_sided_p(z) }}
    end
{%- endmacro %}

{% macro safe_rate(numerator, denominator) -%}
    cast({{ numerator }} as double) / nullif({{ denominator }}, 0)
{%- endmacro %}

{#- One end of the Wilson score interval (Wilson 1927) of successes out of n; NULL for n = 0.
    `sign` is '-' for the low end and '+' for the high end; the ends of
    0 and n successes are exactly 0 and 1. -#}
{% macro wilson(successes, n, sign) -%}
    (
        {{ safe_rate(successes, n) }} + {{ z_95() }} * {{ z_95() }} / (2 * {{ n }})
        {{ sign }} {{ z_95() }} * sqrt(
            {{ safe_rate(successes, n) }} * (1 - {{ safe_rate(successes, n) }}) / {{ n }}
            + {{ z_95() }} * {{ z_95() }} / (4 * cast({{ n }} as double) * {{ n }})
        )
    ) / (1 + {{ z_95() }} * {{ z_95() }} / {{ n }})
{%- endmacro %}
{% macro wilson_low(successes, n) -%}
    case
        when {{ n }} > 0 and {{ successes }} = 0 then 0e0
        when {{ n }} > 0 then greatest(0e0, {{ wilson(successes, n, '-') }})
    end
{%- endmacro %}
{% macro wilson_high(successes, n) -%}
    case
        when {{ n }} > 0 and {{ successes }} = {{ n }} then 1e0
        when {{ n }} > 0 then least(1e0, {{ wilson(successes, n, '+') }})
    end
{%- endmacro %}

{#- Select items: a rate and its Wilson interval, all NULL where the part, or the whole, is not told. -#}
{% macro rate_with_interval(name, part, whole) -%}
    {%- set told = '(case when ' ~ part ~ ' is not null then ' ~ whole ~ ' end)' -%}
    {{ safe_rate(part, told) }} as {{ name }},
        {{ wilson_low(part, told) }} as {{ name }}_low,
        {{ wilson_high(part, told) }} as {{ name }}_high
{%- endmacro %}

{#- One end of Newcombe's interval (1998, method 10) of the rate k1 / n1 less the rate k2 / n2, from the
    Wilson intervals of both; NULL when a denominator is 0. -#}
{% macro newcombe_low(k1, n1, k2, n2) -%}
    {{ safe_rate(k1, n1) }} - {{ safe_rate(k2, n2) }} - sqrt(
        power({{ safe_rate(k1, n1) }} - ({{ wilson_low(k1, n1) }}), 2)
        + power(({{ wilson_high(k2, n2) }}) - {{ safe_rate(k2, n2) }}, 2)
    )
{%- endmacro %}
{% macro newcombe_high(k1, n1, k2, n2) -%}
    {{ safe_rate(k1, n1) }} - {{ safe_rate(k2, n2) }} + sqrt(
        power(({{ wilson_high(k1, n1) }}) - {{ safe_rate(k1, n1) }}, 2)
        + power({{ safe_rate(k2, n2) }} - ({{ wilson_low(k2, n2) }}), 2)
    )
{%- endmacro %}

{#- (((x * v + c0) * v + c1) * v …): the nested form of Cody's rational functions. -#}
{% macro nested_polynomial(start, coefficients, variable, last) -%}
    {%- set text = namespace(value=start) -%}
    {%- for coefficient in coefficients -%}
        {%- set text.value = '(' ~ text.value ~ ' + ' ~ coefficient ~ ') * ' ~ variable -%}
    {%- endfor -%}
    ({{ text.value }} + {{ last }})
{%- endmacro %}

{#- Two-sided p-value of a standard normal |z| (a column name): erfc(|z| / sqrt 2) by the rational
    approximations of Cody (1969), relative error below 1e-15. Neither engine offers erfc. -#}
{% macro two_sided_p(z) -%}
    {%- set x = '(abs(' ~ z ~ ') / sqrt(2e0))' -%}
    {%- set x2 = '(abs(' ~ z ~ ') * abs(' ~ z ~ ') / 2e0)' -%}
    {%- set inverse = '(2e0 / nullif(abs(' ~ z ~ ') * abs(' ~ z ~ '), 0))' -%}
    case
        when {{ x }} <= 0.46875e0
            then 1e0 - {{ x }}
                * {{ nested_polynomial('1.85777706184603153e-1 * ' ~ x2 ,
                    ['3.16112374387056560e0', '1.13864154151050156e2', '3.77485237685302021e2'],
                    x2, '3.20937758913846947e3') }}
                / {{ nested_polynomial(x2,
                    ['2.36012909523441209e1', '2.44024637934444173e2', '1.28261652607737228e3'],
                    x2, '2.84423683343917062e3') }}
        when {{ x }} <= 4e0
            then exp(-{{ x2 }})
                * {{ nested_polynomial('2.15311535474403846e-8 * ' ~ x,
                    ['5.64188496988670089e-1', '8.88314979438837594e0', '6.61191906371416295e1',
                     '2.98635138197400131e2', '8.81952221241769090e2', '1.71204761263407058e3',
                     '2.05107837782607147e3'], x, '1.23033935479799725e3') }}
                / {{ nested_polynomial(x,
                    ['1.57449261107098347e1', '1.17693950891312499e2', '5.37181101862009858e2',
                     '1.62138957456669019e3', '3.29079923573345963e3', '4.36261909014324716e3',
                     '3.43936767414372164e3'], x, '1.23033935480374942e3') }}
        else exp(-{{ x2 }}) / {{ x }} * (
            5.6418958354775628695e-1
            - {{ inverse }}
            * {{ nested_polynomial('1.63153871373020978e-2 * ' ~ inverse,
                ['3.05326634961232344e-1', '3.60344899949804439e-1', '1.25781726111229246e-1',
                 '1.60837851487422766e-2'], inverse, '6.58749161529837803e-4') }}
            / {{ nested_polynomial(inverse,
                ['2.56852019228982242e0', '1.87295284992346725e0', '5.27905102951428412e-1',
                 '6.05183413124413191e-2'], inverse, '2.33520497626869185e-3') }}
        )
    end
{%- endmacro %}
