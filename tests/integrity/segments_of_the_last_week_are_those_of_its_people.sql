-- Finds tools whose row `all` of the last judged week is not what counting its people one by one
-- gives: who is employed on its last day, and the segments int_usage_segments has for them.
-- When it matters: always; the running counts by which the weeks are made have lost somebody.
-- How to fix: compare int_population_changes with int_employment_intervals, then int_segment_cells
-- with int_usage_segments.
{{ config(meta={'joins': [
    {
        'name': 'last_weeks_to_the_employed',
        'join': 'employed',
        'kind': 'range',
        'range': [['week_end_date', '>=', 'valid_from'], ['week_end_date', '<', 'valid_to']],
        'cardinality': 'many_to_many',
    },
    {
        'name': 'the_employed_to_their_segments',
        'join': 'segments',
        'kind': 'equality',
        'keys': [
            ['employee_id', 'employee_id'], ['tool_id', 'tool_id'],
            ['week_start_date', 'week_start_date'],
        ],
        'cardinality': 'many_to_one',
    },
    {
        'name': 'last_weeks_to_counted_segments',
        'join': 'counted',
        'kind': 'equality',
        'keys': [['tool_id', 'tool_id'], ['week_start_date', 'week_start_date']],
        'cardinality': 'one_to_one',
    },
]}) }}

with

usage_segments as (

    select * from {{ ref('usage_segments') }}

    where
        dimension = 'all'
        and tool_id <> 'all'

),

employed as (

    select * from {{ ref('int_employment_intervals') }}

    where not is_terminated

),

segments as (

    select * from {{ ref('int_usage_segments') }}

),

last_weeks as (

    select
        tool_id,
        max(week_start_date) as week_start_date,
        max(week_end_date) as week_end_date

    from {{ ref('int_judged_weeks') }}

    group by tool_id

),

-- one week : many people employed on its last day; one of them : zero or one segment (none: no
-- use).
counted as (

    select
        last_weeks.tool_id,
        last_weeks.week_start_date,
        count(*) as n_people,
        count(segments.employee_id) as n_with_use,
        {% for weeks in ['12w', '4w'] %}
        {% for segment in ['low', 'novice', 'habitual', 'power'] %}
        sum(case when segments.segment_{{ weeks }} = '{{ segment }}' then 1 else 0 end)
            as n_{{ segment }}_{{ weeks }},
        {% endfor %}
        {% endfor %}
        sum(case
            when segments.last_active_week_start_date = segments.week_start_date then 1
            else 0
        end) as n_active

    from last_weeks

    inner join employed
        on last_weeks.week_end_date >= employed.valid_from
        and last_weeks.week_end_date < employed.valid_to

    left join segments
        on employed.employee_id = segments.employee_id
        and last_weeks.tool_id = segments.tool_id
        and last_weeks.week_start_date = segments.week_start_date

    group by
        last_weeks.tool_id,
        last_weeks.week_start_date

),

-- one row of the mart : one count.
broken as (

    select
        usage_segments.tool_id,
        usage_segments.week_start_date,
        usage_segments.n_people,
        counted.n_people as n_people_counted,
        usage_segments.n_active,
        counted.n_active as n_active_counted

    from usage_segments

    inner join counted
        on usage_segments.tool_id = counted.tool_id
        and usage_segments.week_start_date = counted.week_start_date

    where
        usage_segments.n_people <> counted.n_people
        or usage_segments.n_active <> counted.n_active
        {% for weeks in ['12w', '4w'] %}
        {% for segment in ['low', 'novice', 'habitual', 'power'] %}
        or usage_segments.n_{{ segment }}_{{ weeks }} <> counted.n_{{ segment }}_{{ weeks }}
        {% endfor %}
        {% endfor %}

)

select * from broken
