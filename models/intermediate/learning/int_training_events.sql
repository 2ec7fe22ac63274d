-- One row per learning event that says something about training: satisfied, assigned or waived.
--
-- Satisfied: completed, passed or satisfied, not voided, success not false. Waived and exempted
-- learners were not trained: a bucket of their own. Events after as_of_date are not judged yet.

with

events as (

    select * from {{ ref('int_learning_events_matched') }}

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- many events : the one row of settings.
training_events as (

    select
        events.source_system,
        events.event_id,
        events.learner_id,
        events.employee_id,
        events.is_attributed,
        events.course_id,
        events.course_group_id,
        case
            when events.event_type = 'assigned' then 'assigned'
            when events.event_type = 'waived' then 'waived'
            else 'satisfied'
        end as training_event,
        events.occurred_at,
        events.event_date,
        events.is_date_only,
        events.score_scaled,
        events.duration_seconds

    from events

    cross join settings

    where
        events.event_type in ('assigned', 'waived', 'completed', 'passed', 'satisfied')
        and not coalesce(events.is_voided, false)
        and (events.event_type in ('assigned', 'waived') or coalesce(events.success, true))
        and events.event_date <= settings.as_of_date

)

select * from training_events
