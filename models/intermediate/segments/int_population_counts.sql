-- One row per tool, judged week, dimension and value: the people employed on the week's last day,
-- how many of them have too short a history, and how many ever used the tool.

with

population_changes as (

    select * from {{ ref('int_population_changes') }}

),

judged_weeks as (

    select * from {{ ref('int_judged_weeks') }}

),

tools as (

    select distinct tool_id from judged_weeks

),

-- many changes of every tool : all tools.
changes_of_tools as (

    select
        tools.tool_id,
        changes_of_all.change_date,
        {% set attributes = [
            'track', 'audience', 'role_group', 'department', 'location', 'manager_group',
            'is_trained', 'is_manager_cell', 'n_people', 'n_new_12w', 'n_new_4w', 'n_tried'
        ] %}
        changes_of_all.{{ attributes | join(',\n        changes_of_all.') }}

    from population_changes as changes_of_all

    cross join tools

    where changes_of_all.tool_id is null

    union all

    select
        tool_id,
        change_date,
        {{ attributes | join(',\n        ') }}

    from population_changes

    where tool_id is not null

),

changes_of_groups as (

    {% for dimension in segment_dimensions() %}
    select
        tool_id,
        '{{ dimension.name }}' as dimension,
        {{ dimension.value }} as dimension_value,
        change_date,
        sum(n_people) as n_people,
        sum(n_new_12w) as n_new_12w,
        sum(n_new_4w) as n_new_4w,
        sum(n_tried) as n_tried

    from changes_of_tools

    where {{ '' if dimension.per_manager else 'not ' }}is_manager_cell

    group by
        tool_id,
        {{ dimension.value ~ ',' if dimension.name != 'all' }}
        change_date

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

running as (

    select
        tool_id,
        dimension,
        dimension_value,
        change_date as valid_from,
        coalesce(lead(change_date) over so_far, {{ still() }}) as valid_to,
        cast(sum(n_people) over so_far as bigint) as n_people,
        cast(sum(n_new_12w) over so_far as bigint) as n_new_12w,
        cast(sum(n_new_4w) over so_far as bigint) as n_new_4w,
        cast(sum(n_tried) over so_far as bigint) as n_tried

    from changes_of_groups

    window so_far as (partition by tool_id, dimension, dimension_value order by change_date)

),

-- one period of a group : the weeks that end in it. Most periods are short and hold none.
population_counts as (

    select
        running.tool_id,
        judged_weeks.week_start_date,
        running.dimension,
        running.dimension_value,
        running.n_people,
        running.n_new_12w,
        running.n_new_4w,
        running.n_tried

    from running

    inner join judged_weeks
        on running.tool_id = judged_weeks.tool_id
        and running.valid_from <= judged_weeks.week_end_date
        and running.valid_to > judged_weeks.week_end_date

    where running.n_people > 0

)

select * from population_counts
