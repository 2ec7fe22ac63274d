-- One row per course, tool and period in which the course teaches the tool; valid_to is exclusive.

with

course_tool_map as (

    select
        {{ reference_columns(ref('course_tool_map'), {
            'source_system': 'string',
            'source_course_id': 'string',
            'tool_id': 'string',
            'valid_from': 'date',
            'valid_to': 'date'
        }) }}

    from {{ ref('course_tool_map') }}

)

select * from course_tool_map
