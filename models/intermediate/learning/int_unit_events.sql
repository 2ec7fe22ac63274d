-- One row per training event, tool and program it counts for; program_id `all` is the learner-tool
-- unit, whatever the program.
--
-- Only learner courses count for a program, and only from its first to its last day.

with

tool_events as (

    select * from {{ ref('int_tool_training_events') }}

),

program_courses as (

    select * from {{ ref('int_program_courses') }}

    where course_role = 'learner'

),

-- one event : many programs. Events outside every program are kept under `all` below.
program_events as (

    select
        program_courses.program_id,
        program_courses.completion_rule,
        program_courses.is_required,
        program_courses.completion_window_days,
        tool_events.source_system,
        tool_events.event_id,
        tool_events.learner_id,
        tool_events.employee_id,
        tool_events.is_attributed,
        tool_events.course_id,
        tool_events.course_group_id,
        tool_events.training_event,
        tool_events.occurred_at,
        tool_events.event_date,
        tool_events.tool_id

    from tool_events

    inner join program_courses
        on tool_events.course_group_id = program_courses.course_group_id
        and tool_events.event_date >= program_courses.starts_on
        and tool_events.event_date <= program_courses.ends_on

),

unit_events as (

    select
        'all' as program_id,
        'any' as completion_rule,
        true as is_required,
        {{ var('completion_window_days') }} as completion_window_days,
        source_system,
        event_id,
        learner_id,
        employee_id,
        is_attributed,
        course_id,
        course_group_id,
        training_event,
        occurred_at,
        event_date,
        tool_id

    from tool_events

    union all

    select
        program_id,
        completion_rule,
        is_required,
        completion_window_days,
        source_system,
        event_id,
        learner_id,
        employee_id,
        is_attributed,
        course_id,
        course_group_id,
        training_event,
        occurred_at,
        event_date,
        tool_id

    from program_events

)

select * from unit_events
