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
            {% for dimension in kept_dimensions()[1:] %}
            '{{ dimension.name }}',
            {% endfor %}
            'all'
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
        {% for name in kept_counts() if name != 'n_matured' %}
        shown_rates.{{ name }} is not null as is_{{ name }}_shown,
        {% endfor %}
        {% for rate in kept_rates() if rate != 'certification_gap' %}
        adoption_rates.{{ rate }},
        shown_rates.{{ rate }} is not null as is_{{ rate }}_shown,
        {% endfor %}
        gaps.certification_gap,
        shown_gaps.certification_gap is not null as is_certification_gap_shown,
        adoption_rates.n_completed - adoption_rates.n_window_open as n_matured,
        shown_rates.n_window_open is not null as is_n_matured_shown

    from adoption_rates

    inner join gaps
        on adoption_rates.program_id = gaps.program_id
        and adoption_rates.tool_id = gaps.tool_id
        and adoption_rates.checkpoint_day = gaps.checkpoint_day
        and adoption_rates.dimension = gaps.dimension
        and adoption_rates.dimension_value = gaps.dimension_value

    inner join shown_rates
        on adoption_rates.program_id = shown_rates.program_id
        and adoption_rates.tool_id = shown_rates.tool_id
        and adoption_rates.checkpoint_day = shown_rates.checkpoint_day
        and adoption_rates.dimension = shown_rates.dimension
        and adoption_rates.dimension_value = shown_rates.dimension_value

    inner join shown_gaps
        on adoption_rates.program_id = shown_gaps.program_id
        and adoption_rates.tool_id = shown_gaps.tool_id
        and adoption_rates.checkpoint_day = shown_gaps.checkpoint_day
        and adoption_rates.dimension = shown_gaps.dimension
        and adoption_rates.dimension_value = shown_gaps.dimension_value

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
