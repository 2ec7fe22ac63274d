-- One row per training event and tool its course is tied to on the event's date.

with

training_events as (

    select * from {{ ref('int_training_events') }}

),

ties as (

    select * from {{ ref('int_course_tool_ties') }}

),

-- one event : many ties, because a course may teach several tools. Events of courses that teach
-- no measured tool on that date are excluded: they are no training for a tool.
tied as (

    select
        training_events.source_system,
        training_events.event_id,
        training_events.learner_id,
        training_events.employee_id,
        training_events.is_attributed,
        training_events.course_id,
        training_events.course_group_id,
        training_events.training_event,
        training_events.occurred_at,
        training_events.event_date,
        training_events.duration_seconds,
        ties.tool_id

    from training_events

    inner join ties
        on training_events.course_group_id = ties.course_group_id
        and training_events.event_date >= ties.valid_from
        and training_events.event_date < ties.valid_to

)

select * from tied
