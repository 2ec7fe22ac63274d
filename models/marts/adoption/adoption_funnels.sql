-- One row per program, tool, dimension and value with due assignments: how many units came through
-- each stage from assigned to habitual, judged at the last checkpoint.
--
-- Each stage counts the units that passed every earlier one. Attributes are those of the assignment
-- day; tool_id `all` counts units over tools, not people.

with

{% set rates = [
    ('completed_rate', 'n_completed', 'n_assigned'),
    ('licensed_rate', 'n_licensed', '(funnel_counts.n_licensed + funnel_counts.n_no_licence)'),
    ('tried_rate', 'n_tried', 'n_licensed'),
    ('weekly_active_rate', 'n_weekly_active', 'n_tried'),
    ('habitual_rate', 'n_habitual', 'n_weekly_active'),
] %}
funnel_counts as (

    select * from {{ ref('int_funnel_counts') }}

),

settings as (

    select * from {{ ref('int_report_settings') }}

),

-- many rows : the one row of settings.
funnels as (

    select
        funnel_counts.program_id,
        funnel_counts.tool_id,
        cast({{ var('checkpoint_days') | max }} as integer) as checkpoint_day,
        funnel_counts.dimension,
        funnel_counts.dimension_value,
        {% for name in funnel_counts() %}
        funnel_counts.{{ name }},
        {% endfor %}
        {% for rate, passed, before in rates %}
        {% set n = before if before.startswith('(') else 'funnel_counts.' ~ before %}
        {{ safe_rate('funnel_counts.' ~ passed, n) }} as {{ rate }},
        {{ wilson_low('funnel_counts.' ~ passed, n) }} as {{ rate }}_low,
        {{ wilson_high('funnel_counts.' ~ passed, n) }} as {{ rate }}_high,
        {% endfor %}
        false as is_suppressed,
        cast(null as string) as suppression_reason,
        settings.as_of_date,
        settings.rules_hash

    from funnel_counts

    cross join settings

)

select * from funnels
