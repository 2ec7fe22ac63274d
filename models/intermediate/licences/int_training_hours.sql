-- One row per employee and tool with a satisfying event: hours of training as platforms reported
-- them.
--
-- Of a course (all names of it) the longest reported time counts, once, and courses add up. The
-- length in a catalogue is no time spent and is not used. NULL: no platform reported any.

with

satisfying_events as (

    select * from {{ ref('int_tool_training_events') }}

    where
        training_event = 'satisfied'
        and is_attributed

),

timed as (

    select
        employee_id,
        tool_id,
        course_group_id,
        max(duration_seconds) as duration_seconds

    from satisfying_events

    group by
        employee_id,
        tool_id,
        course_group_id

),

training_hours as (

    select
        employee_id,
        tool_id,
        sum(duration_seconds) / 3600 as training_hours

    from timed

    group by
        employee_id,
        tool_id

)

select * from training_hours
