-- One row per completed unit (program, learner, tool) with its index date.
--
-- Rule `any`: the first satisfying event. Rule `all`: the latest of the first completions of every
-- required course, once none is missing. Recertification never moves the date.

with

satisfying_events as (

    select * from {{ ref('int_unit_events') }}

    where
        training_event = 'satisfied'
        and (completion_rule = 'any' or is_required)

),

requirements as (

    select * from {{ ref('int_program_requirements') }}

),

ranked_per_course as (

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        completion_rule,
        course_group_id,
        event_date,
        occurred_at,
        source_system,
        event_id,
        row_number() over (
            partition by program_id, learner_id, tool_id, course_group_id
            order by event_date, occurred_at, source_system, event_id
        ) as course_rank

    from satisfying_events

),

ranked_per_unit as (

    select
        program_id,
        learner_id,
        employee_id,
        is_attributed,
        tool_id,
        completion_rule,
        course_group_id,
        event_date,
        occurred_at,
        source_system,
        count(*) over (
            partition by program_id, learner_id, tool_id
        ) as n_completed_courses,
        row_number() over (
            partition by program_id, learner_id, tool_id
            order by
                case when completion_rule = 'all' then event_date end desc nulls last,
                event_date asc,
                occurred_at asc,
                source_system asc,
                event_id asc
        ) as unit_rank

    from ranked_per_course

    where course_rank = 1

),

-- many units : zero or one requirement. Rule `any` has none; under `all` a unit with fewer
-- completed courses than required is not complete and is excluded.
completed as (

    select
        ranked_per_unit.program_id,
        ranked_per_unit.learner_id,
        ranked_per_unit.employee_id,
        ranked_per_unit.is_attributed,
        ranked_per_unit.tool_id,
        ranked_per_unit.event_date as completion_date,
        ranked_per_unit.occurred_at,
        ranked_per_unit.source_system as platform,
        ranked_per_unit.course_group_id

    from ranked_per_unit

    left join requirements
        on ranked_per_unit.program_id = requirements.program_id
        and ranked_per_unit.tool_id = requirements.tool_id

    where
        ranked_per_unit.unit_rank = 1
        and (
            ranked_per_unit.completion_rule = 'any'
            or ranked_per_unit.n_completed_courses = requirements.n_required_courses
        )

)

select * from completed
