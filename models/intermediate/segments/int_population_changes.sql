-- One row per tool (NULL: every tool), day and cell (combination of attributes, or manager): by how
-- many the people change that day.
--
-- The running sum up to a day is who is there on it: nobody is repeated for every week. Everybody
-- begins as not trained; from the training on, a tool's own rows move them to the trained.

with

{% set attributes = [
    'track', 'audience', 'role_group', 'department', 'location', 'manager_group'
] %}
population_spans as (

    select * from {{ ref('int_population_spans') }}

),

tool_spans as (

    select * from {{ ref('int_population_tool_spans') }}

),

changes as (

    {% for change_date, sign in {'valid_from': '1', 'valid_to': '-1'}.items() %}
    {% set opposite = '-1' if sign == '1' else '1' %}
    select
        cast(null as string) as tool_id,
        {{ change_date }} as change_date,
        {{ attributes | join(',\n        ') }},
        false as is_trained,
        {{ sign }} as n_people,
        case when is_new_12w then {{ sign }} else 0 end as n_new_12w,
        case when is_new_4w then {{ sign }} else 0 end as n_new_4w,
        0 as n_tried

    from population_spans

    union all

    select
        tool_id,
        {{ change_date }} as change_date,
        {{ attributes | join(',\n        ') }},
        is_trained,
        case when is_trained then {{ sign }} else 0 end as n_people,
        case when is_trained and is_new_12w then {{ sign }} else 0 end as n_new_12w,
        case when is_trained and is_new_4w then {{ sign }} else 0 end as n_new_4w,
        case when has_used then {{ sign }} else 0 end as n_tried

    from tool_spans

    union all

    select
        tool_id,
        {{ change_date }} as change_date,
        {{ attributes | join(',\n        ') }},
        false as is_trained,
        {{ opposite }} as n_people,
        case when is_new_12w then {{ opposite }} else 0 end as n_new_12w,
        case when is_new_4w then {{ opposite }} else 0 end as n_new_4w,
        0 as n_tried

    from tool_spans

    where is_trained

    {{ 'union all' if not loop.last }}

    {% endfor %}
),

summed as (

    {% for columns in segment_cells() %}
    select
        tool_id,
        change_date,
        {{- segment_cell_columns(columns) }},
        cast(sum(n_people) as bigint) as n_people,
        cast(sum(n_new_12w) as bigint) as n_new_12w,
        cast(sum(n_new_4w) as bigint) as n_new_4w,
        cast(sum(n_tried) as bigint) as n_tried

    from changes

    group by
        tool_id,
        change_date,
        {{ columns | join(',\n        ') }}

    {{ 'union all' if not loop.last }}

    {% endfor %}
)

select * from summed
