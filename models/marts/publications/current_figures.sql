-- One row per figure of this build, as `certgap publish` keeps it: group, metric, value, and what
-- was divided by what.
--
-- Complete; is_shown tells whether the published tables show it. Figures of managers are here as
-- dimension `manager`: the headline of manager_cohorts is the same.

{% set keys = ['program_id', 'tool_id', 'checkpoint_day', 'dimension', 'dimension_value'] %}

with

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where
        dimension in (
            {% for dimension in kept_dimensions() %}
            '{{ dimension.name }}'{{ ',' if not loop.last }}
            {% endfor %}
        )

),

gaps as (

    select * from {{ ref('certification_gaps') }}

),

shown_rates as (

    select * from {{ ref('published__adoption_rates') }}

),

shown_gaps as (

    select * from {{ ref('published__certification_gaps') }}

),

-- one group : its gap, and both as they are shown.
joined as (

    select
        {% for key in keys %}
        adoption_rates.{{ key }},
        {% endfor %}
        {% for name in counts_of_figures() if name != 'n_matured' %}
        adoption_rates.{{ name }},
        {% endfor %}
        adoption_rates.n_completed - adoption_rates.n_window_open as n_matured,
        shown_rates.n_window_open is not null as is_n_matured_shown,
        {% for name in kept_counts() if name != 'n_matured' %}
        shown_rates.{{ name }} is not null as is_{{ name }}_shown,
        {% endfor %}
        {% for rate in kept_rates() %}
        {% set is_gap = rate == 'certification_gap' %}
        {{ 'gaps' if is_gap else 'adoption_rates' }}.{{ rate }},
        {{ 'shown_gaps' if is_gap else 'shown_rates' }}.{{ rate }} is not null
            as is_{{ rate }}_shown{{ ',' if not loop.last }}
        {% endfor %}

    from adoption_rates

    {% for name in ['gaps', 'shown_rates', 'shown_gaps'] %}
    inner join {{ name }}
        {% for key in keys %}
        {{ 'on' if loop.first else 'and' }} adoption_rates.{{ key }} = {{ name }}.{{ key }}
        {% endfor %}
    {% endfor %}
),

figures as (

    {% for rate, parts in kept_rates().items() %}
    select
        {{ keys | join(',\n        ') }},
        '{{ rate }}' as metric_name,
        {{ rate }} as metric_value,
        {{ parts.numerator or 'cast(null as bigint)' }} as numerator,
        {{ parts.denominator }} as denominator,
        is_{{ rate }}_shown as is_shown

    from joined

    union all

    {% endfor %}
    {% for name in kept_counts() %}
    select
        {{ keys | join(',\n        ') }},
        '{{ name }}' as metric_name,
        cast({{ name }} as double) as metric_value,
        {{ name }} as numerator,
        n_completed as denominator,
        is_{{ name }}_shown as is_shown

    from joined

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from figures
