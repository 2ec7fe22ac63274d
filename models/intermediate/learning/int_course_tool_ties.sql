-- One row per course group, tool and unbroken period in which the group teaches the tool.
--
-- Two equivalent courses may both be mapped, so overlapping and adjoining periods are merged:
-- otherwise one completion would count twice. valid_to is exclusive.

with

course_tool_map as (

    select
        source_system || ':' || source_course_id as course_name,
        tool_id,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to

    from {{ ref('stg_reference__course_tool_map') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many map rows : zero or one group. A mapped course no catalogue lists is its own group.
mapped_groups as (

    select
        coalesce(course_groups.course_group_id, course_tool_map.course_name) as course_group_id,
        course_tool_map.tool_id,
        course_tool_map.valid_from,
        course_tool_map.valid_to

    from course_tool_map

    left join course_groups
        on course_tool_map.course_name = course_groups.course_name

    where course_tool_map.valid_from < course_tool_map.valid_to

),

with_earlier_end as (

    select
        course_group_id,
        tool_id,
        valid_from,
        valid_to,
        max(valid_to) over (
            partition by course_group_id, tool_id
            order by valid_from, valid_to
            rows between unbounded preceding and 1 preceding
        ) as earlier_end

    from mapped_groups

),

numbered as (

    select
        course_group_id,
        tool_id,
        valid_from,
        valid_to,
        sum(case when earlier_end is null or valid_from > earlier_end then 1 else 0 end) over (
            partition by course_group_id, tool_id
            order by valid_from, valid_to
            rows between unbounded preceding and current row
        ) as island_number

    from with_earlier_end

),

ties as (

    select
        course_group_id,
        tool_id,
        min(valid_from) as valid_from,
        max(valid_to) as valid_to

    from numbered

    group by course_group_id, tool_id, island_number

)

select * from ties
