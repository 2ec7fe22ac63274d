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

learning_events as (

    select
        source_system,
        event_id,
        duration_seconds

    from {{ ref('learning_events') }}

),

-- many events (one per tool of the course) : one event as it was delivered.
timed as (

    select
        satisfying_events.employee_id,
        satisfying_events.tool_id,
        satisfying_events.course_group_id,
        max(learning_events.duration_seconds) as duration_seconds

    from satisfying_events

    inner join learning_events
        on satisfying_events.source_system = learning_events.source_system
        and satisfying_events.event_id = learning_events.event_id

    group by
        satisfying_events.employee_id,
        satisfying_events.tool_id,
        satisfying_events.course_group_id

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
