-- Finds dimensions of usage_segments whose groups do not add up to the row `all` of tool and week.
-- When it matters: always; a person is missing from a group or in two.
-- How to fix: an attribute is NULL and not printed as `unknown` (macro segment_dimensions), or
-- int_population_spans has two rows for one day of a person.

with

{% set counts = [
    'n_people', 'n_active', 'n_daily', 'n_monthly_active', 'n_tried', 'n_non_user_12w',
    'n_habitual_12w', 'n_insufficient_history_12w', 'n_low_4w', 'n_power_4w', 'n_retained',
    'n_lapsed', 'n_never_active'
] %}
usage_segments as (

    select * from {{ ref('usage_segments') }}

),

per_dimension as (

    select
        tool_id,
        week_start_date,
        dimension,
        {% for name in counts %}
        sum({{ name }}) as {{ name }},
        {% endfor %}
        count(*) as n_groups

    from usage_segments

    group by
        tool_id,
        week_start_date,
        dimension

),

beside_all as (

    select
        tool_id,
        week_start_date,
        dimension,
        {% for name in counts %}
        {{ name }},
        max(case when dimension = 'all' then {{ name }} end) over same_week as {{ name }}_of_all,
        {% endfor %}
        n_groups

    from per_dimension

    window same_week as (partition by tool_id, week_start_date)

),

-- Under tool_id `all` a sum over tools has transitions only where each tool has them.
broken as (

    select
        tool_id,
        week_start_date,
        dimension,
        n_people,
        n_people_of_all,
        n_active,
        n_active_of_all,
        n_retained,
        n_retained_of_all

    from beside_all

    where
        {% for name in counts[:-3] %}
        {{ name }} is distinct from {{ name }}_of_all
        or
        {% endfor %}
        {% for name in counts[-3:] %}
        ({{ name }}_of_all is not null and {{ name }} is distinct from {{ name }}_of_all)
        or
        {% endfor %}
        (dimension = 'all' and n_groups <> 1)

)

select * from broken
