-- One row per assigned unit (program, learner, tool) with the first day it was assigned.

with

assigned_events as (

    select * from {{ ref('int_unit_events') }}

    where
        training_event = 'assigned'
        and (completion_rule = 'any' or is_required)

),

ranked as (

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        completion_window_days,
        event_date,
        source_system,
        row_number() over (
            partition by program_id, learner_id, tool_id
            order by event_date, occurred_at, source_system, event_id
        ) as assignment_rank

    from assigned_events

),

assignments as (

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        event_date as assigned_date,
        {{ add_days('event_date', 'completion_window_days') }} as due_date,
        source_system as platform

    from ranked

    where assignment_rank = 1

)

select * from assignments
