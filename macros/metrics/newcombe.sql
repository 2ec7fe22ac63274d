{#- One end of Newcombe's 95% interval of a difference of two independent rates, a - b (Newcombe 1998, method 10,
    from the Wilson intervals of both). NULL where either has nobody. -#}
{% macro newcombe_low(successes_a, n_a, successes_b, n_b) -%}
    {{ safe_rate(successes_a, n_a) }} - {{ safe_rate(successes_b, n_b) }} - sqrt(
        power({{ safe_rate(successes_a, n_a) }} - ({{ wilson_low(successes_a, n_a) }}), 2)
        + power(({{ wilson_high(successes_b, n_b) }}) - {{ safe_rate(successes_b, n_b) }}, 2)
    )
{%- endmacro %}
{% macro newcombe_high(successes_a, n_a, successes_b, n_b) -%}
    {{ safe_rate(successes_a, n_a) }} - {{ safe_rate(successes_b, n_b) }} + sqrt(
        power(({{ wilson_high(successes_a, n_a) }}) - {{ safe_rate(successes_a, n_a) }}, 2)
        + power({{ safe_rate(successes_b, n_b) }} - ({{ wilson_low(successes_b, n_b) }}), 2)
    )
{%- endmacro %}
