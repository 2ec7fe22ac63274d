-- One row per tool (or `all`), week, dimension and value with people: the counts of usage_segments.
--
-- tool_id `all` sums the tools whose weeks start on the day, so it counts people × tools; their
-- uncovered days add up, too. A count that one of them does not have (transitions) is NULL.
--
-- A view: usage_segments stores the same rows.
{{ config(materialized='view') }}

with

tool_segment_counts as (

    select * from {{ ref('int_tool_segment_counts') }}

),

{% set sums = [
    'n_uncovered_days', 'n_uncovered_days_12w', 'n_uncovered_days_4w', 'n_people', 'n_active',
    'n_daily', 'n_monthly_active', 'n_tried',
] %}
{% for weeks in ['12w', '4w'] %}
{% for segment in ['non_user', 'low', 'novice', 'habitual', 'power', 'insufficient_history'] %}
{% do sums.append('n_' ~ segment ~ '_' ~ weeks) %}
{% endfor %}
{% endfor %}
{% set transitions = [
    'n_newly_active', 'n_retained', 'n_resurrected', 'n_lapsed', 'n_dormant', 'n_never_active'
] %}
{% set pairs = {
    'tool': ('all', 'tool_id'),
    'role_group_tool': ('role_group', "dimension_value || '|' || tool_id"),
} %}
{% do pairs.update({
    'manager_tool': ('manager', "dimension_value || '|' || tool_id")
}) if var('curve_managers') %}
segment_counts as (

    select
        tool_id,
        week_start_date,
        week_end_date,
        {{ (sums + transitions) | join(',\n        ') }},
        dimension,
        dimension_value

    from tool_segment_counts

    {% for dimension, (summed, dimension_value) in pairs.items() %}
    union all

    select
        'all' as tool_id,
        week_start_date,
        week_end_date,
        {{ (sums + transitions) | join(',\n        ') }},
        '{{ dimension }}' as dimension,
        {{ dimension_value }} as dimension_value

    from tool_segment_counts

    where dimension = '{{ summed }}'

    {% endfor %}
    union all

    select
        'all' as tool_id,
        week_start_date,
        week_end_date,
        {% for name in sums %}
        cast(sum({{ name }}) as {{ 'integer' if 'uncovered' in name else 'bigint' }}) as {{ name }},
        {% endfor %}
        {% for name in transitions %}
        cast(case when count({{ name }}) = count(*) then sum({{ name }}) end as bigint)
            as {{ name }},
        {% endfor %}
        dimension,
        dimension_value

    from tool_segment_counts

    group by
        week_start_date,
        week_end_date,
        dimension,
        dimension_value

)

select * from segment_counts
