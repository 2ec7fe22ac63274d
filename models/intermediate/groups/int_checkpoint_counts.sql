-- One row per program, tool, N, dimension and value with completed units: every status and adoption
-- count. tool_id `all` sums units over tools: it counts units, not people.

with

{% set counts = {
    'n_completed': 'true',
    'n_eligible': 'is_eligible',
    'n_adopted': 'is_adopted',
    'n_tried': 'is_tried',
    'n_habitual': 'is_habitual',
    'n_daily': 'is_daily',
    'n_window_open': "status = 'window_open'",
    'n_left_before_day_n': "status = 'left_before_day_n'",
    'n_feed_gap': "status = 'feed_gap'",
    'n_licence_unknown': "status = 'licence_unknown'",
    'n_no_licence': "status = 'no_licence'",
    'n_on_leave': "status = 'on_leave'",
    'n_new': "is_eligible and baseline_status = 'new'",
    'n_new_adopted': "is_adopted and baseline_status = 'new'",
    'n_existing': "is_eligible and baseline_status = 'existing'",
    'n_existing_adopted': "is_adopted and baseline_status = 'existing'",
    'n_self_enrolled': 'is_self_enrolled',
} %}
unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

counts as (

    {% for dimension in adoption_dimensions() %}
    {% set levels = ["'all'"] if dimension.across_tools else ['tool_id', "'all'"] %}
    {% set last_dimension = loop.last %}
    {% for level in levels %}
    select
        program_id,
        {{ level }} as tool_id,
        checkpoint_day,
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value,
        {% for name, condition in counts.items() %}
        cast(sum(case when {{ condition }} then 1 else 0 end) as bigint) as {{ name }},
        {% endfor %}
        cast(sum(coalesce(active_days_since_completion, 0)) as bigint) as n_active_days,
        cast(sum(case when is_eligible then baseline_active_days else 0 end) as bigint)
            as n_baseline_active_days

    from unit_checkpoints

    group by
        program_id,
        {{ 'tool_id,' if level == 'tool_id' }}
        {{ dimension.value ~ ',' if dimension.name != 'all' }}
        checkpoint_day

    {{ 'union all' if not (last_dimension and loop.last) }}

    {% endfor %}
    {% endfor %}
)

select * from counts
