-- One row per publication and figure that is not what was published: the value then, the value now
-- about the same days, and why.
--
-- Later days are no restatement: a published rate is worked out again from units whose window or
-- due date was over then (docs/decisions/0011). Complete; only the published table is suppressed.

{% set keys = [
    'publication_id', 'published_at', 'program_id', 'tool_id', 'checkpoint_day', 'dimension',
    'dimension_value'
] %}
{% set reasons = {
    'completion_rate': 'reason_of_assigned',
    'certification_gap':
        "case when reason_of_assigned = reason_of_closed then '' else reason_of_assigned end"
        ~ ' || reason_of_closed',
    'n_completed': 'reason_of_completed',
} %}

with

reasons as (

    select
        {% for rate, parts in kept_rates().items() if parts.numerator %}
        {{ safe_rate(parts.numerator ~ '_now', parts.denominator ~ '_now') }} as {{ rate }}_now,
        {% endfor %}
        *

    from {{ ref('int_restatement_reasons') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

both_values as (

    {% for rate, parts in kept_rates().items() %}
    select
        {{ keys | join(',\n        ') }},
        published_as_of_date,
        published_received_until,
        published_rules_hash,
        '{{ rate }}' as metric_name,
        {{ rate }} as value_published,
        {% if parts.numerator %}
        {{ rate }}_now as value_now,
        {% for moment in ['published', 'now'] %}
        {{ parts.numerator }}_{{ moment }} as numerator_{{ moment }},
        {{ parts.denominator }}_{{ moment }} as denominator_{{ moment }},
        {% endfor %}
        {% else %}
        completion_rate_now - adoption_rate_now as value_now,
        {% for moment in ['published', 'now'] %}
        cast(null as bigint) as numerator_{{ moment }},
        least(n_assigned_{{ moment }}, n_eligible_{{ moment }}) as denominator_{{ moment }},
        {% endfor %}
        {% endif %}
        is_{{ rate }}_shown as was_shown,
        reason_of_all,
        {{ reasons.get(rate, 'reason_of_closed') }} as reason_of_figure

    from reasons

    union all

    {% endfor %}
    {% for name in kept_counts() %}
    select
        {{ keys | join(',\n        ') }},
        published_as_of_date,
        published_received_until,
        published_rules_hash,
        '{{ name }}' as metric_name,
        cast({{ name }}_published as double) as value_published,
        cast({{ name }}_now as double) as value_now,
        {% for moment in ['published', 'now'] %}
        {{ name }}_{{ moment }} as numerator_{{ moment }},
        n_completed_{{ moment }} as denominator_{{ moment }},
        {% endfor %}
        is_{{ name }}_shown as was_shown,
        reason_of_all,
        {{ reasons.get(name, 'reason_of_closed') }} as reason_of_figure

    from reasons

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

-- many figures : the one row of settings.
restatements as (

    select
        {% for key in keys %}
        both_values.{{ key }},
        {% endfor %}
        both_values.metric_name,
        both_values.value_published,
        both_values.value_now,
        both_values.value_now - both_values.value_published as value_change,
        both_values.numerator_published,
        both_values.denominator_published,
        both_values.numerator_now,
        both_values.denominator_now,
        coalesce(
            both_values.reason_of_all,
            {{ regex_get("both_values.reason_of_figure", "^(.*); $", 1) }},
            'calculation changed'
        ) as reason,
        both_values.was_shown,
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        both_values.published_as_of_date,
        both_values.published_received_until,
        both_values.published_rules_hash,
        settings.as_of_date,
        settings.rules_hash

    from both_values

    cross join settings

    where
        both_values.value_published is distinct from both_values.value_now
        or (
            both_values.metric_name not in (
                {% for name in kept_counts()[1:] %}
                '{{ name }}',
                {% endfor %}
                '{{ kept_counts()[0] }}'
            )
            and (
                both_values.numerator_published is distinct from both_values.numerator_now
                or both_values.denominator_published is distinct from both_values.denominator_now
            )
        )

)

select * from restatements
