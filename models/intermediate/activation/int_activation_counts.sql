-- One row per program, tool (and `all`), N, dimension and value: reports, managers, adopted and
-- reverted by the activation of the manager. Every value has a row, also without anybody in it.
--
-- Both dimensions hold every completed unit once. tool_id `all` counts units, not people.

with

cells as (

    select * from {{ ref('int_activation_cells') }}

),

{% set counts = [
    'n_completed', 'n_eligible', 'n_adopted', 'n_at_risk_30_60', 'n_reverted_30_60',
    'n_at_risk_60_90', 'n_reverted_60_90'
] %}
counts as (

    {% for dimension, values in activation_groups().items() %}
    {% set last_dimension = loop.last %}
    {% for value in values %}
    {% set last_value = loop.last %}
    {% for level in ['tool_id', "'all'"] %}
    select
        program_id,
        {{ level }} as tool_id,
        checkpoint_day,
        '{{ dimension }}' as dimension,
        '{{ value }}' as dimension_value,
        {% for name in counts %}
        cast(sum(
            case when {{ is_in_activation_group(value) }} then {{ name }} else 0 end
        ) as bigint) as {{ name }},
        {% endfor %}
        count(distinct case
            when
                {{ is_in_activation_group(value) }}
                and activation_lead_bin <> 'unknown'
                and n_eligible > 0
                then manager_group
        end) as n_managers

    from cells

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        checkpoint_day

    {{ 'union all' if not (last_dimension and last_value and loop.last) }}

    {% endfor %}
    {% endfor %}
    {% endfor %}
)

select * from counts
