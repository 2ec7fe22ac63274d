-- One row per tool (or `all`), dimension and value: the counts of licence_value.
--
-- tool_id `all` sums tools, so it counts people × tools; `tool` and the pairs with tools exist
-- only there. Seats are those of the measured tools; the earliest of their days is told.

with

tool_licence_counts as (

    select * from {{ ref('int_tool_licence_counts') }}

),

{% set names = (licence_counts().keys() | list) + (licence_sums().keys() | list) %}
{% set pairs = {
    'tool': ('all', 'tool_id'),
    'role_group_tool': ('role_group', "dimension_value || '|' || tool_id"),
} %}
{% do pairs.update({
    'manager_tool': ('manager', "dimension_value || '|' || tool_id")
}) if var('curve_managers') %}
per_tool as (

    select
        tool_id,
        dimension,
        dimension_value,
        {{ names | join(',\n        ') }},
        1 as n_tools,
        case when is_measured then 1 else 0 end as n_tools_measured,
        seat_date,
        use_through_date,
        is_week_covered,
        not_measured_reason

    from tool_licence_counts

    {% for dimension, source in pairs.items() %}
    union all

    select
        'all' as tool_id,
        '{{ dimension }}' as dimension,
        {{ source[1] }} as dimension_value,
        {{ names | join(',\n        ') }},
        1 as n_tools,
        case when is_measured then 1 else 0 end as n_tools_measured,
        seat_date,
        use_through_date,
        is_week_covered,
        not_measured_reason

    from tool_licence_counts

    where dimension = '{{ source[0] }}'

    {% endfor %}
),

over_tools as (

    select
        'all' as tool_id,
        dimension,
        dimension_value,
        {{ sum_licence_counts() }},
        cast(count(*) as integer) as n_tools,
        cast(sum(case when is_measured then 1 else 0 end) as integer) as n_tools_measured,
        min(case when is_measured then seat_date end) as seat_date,
        min(use_through_date) as use_through_date,
        -- Tools without measured seats have nobody to count as active.
        not bool_or(is_measured and not is_week_covered) as is_week_covered,
        case
            when bool_or(is_measured) then null
            when bool_or(not_measured_reason = 'no_licence_feed') then 'no_licence_feed'
            else 'open_licence'
        end as not_measured_reason

    from tool_licence_counts

    group by
        dimension,
        dimension_value

),

licence_counts as (

    select * from per_tool

    union all

    select * from over_tools

)

select * from licence_counts
