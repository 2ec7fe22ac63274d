-- One row per completed unit of a known employee (program, employee, tool): how long the completing
-- attempt took, what it scored, and how long its course is.
--
-- The attempt is told by all satisfying events of the course, from the source of the completing
-- event, on the completion date: platforms send `completed` and `passed` apart, each with a part of
-- what is known. The greatest duration and score of them count; a duration of 0 says that nobody
-- took the time. The course's length is the shortest one listed among the courses that are one.

with

completions as (

    select * from {{ ref('int_unit_completions') }}

    where is_attributed

),

training_events as (

    select * from {{ ref('int_training_events') }}

    where training_event = 'satisfied'

),

perfect_scores as (

    select * from {{ ref('int_perfect_scores') }}

),

courses as (

    select
        course_id,
        duration_minutes

    from {{ ref('courses') }}

    where duration_minutes > 0

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many courses : one group.
course_durations as (

    select
        course_groups.course_group_id,
        min(courses.duration_minutes) as course_minutes

    from courses

    inner join course_groups
        on courses.course_id = course_groups.course_name

    group by course_groups.course_group_id

),

attempts as (

    select
        source_system,
        learner_id,
        course_group_id,
        event_date,
        max(case when duration_seconds > 0 then duration_seconds end) as duration_seconds,
        max(score_scaled) as score_scaled,
        bool_or(score_scaled is not null and not is_date_only) as has_timed_score

    from training_events

    group by
        source_system,
        learner_id,
        course_group_id,
        event_date

),

-- many units : one attempt, that of the completing event; zero or one course duration (none: no
-- catalogue lists any); zero or one first perfect score of the learner in the course, of the same
-- source and day (none: no such score, or an earlier one).
completion_attempts as (

    select
        completions.program_id,
        completions.employee_id,
        completions.tool_id,
        completions.completion_date,
        completions.platform,
        attempts.duration_seconds,
        attempts.score_scaled,
        attempts.has_timed_score,
        course_durations.course_minutes,
        coalesce(perfect_scores.is_burst, false) as is_burst

    from completions

    inner join attempts
        on completions.platform = attempts.source_system
        and completions.learner_id = attempts.learner_id
        and completions.course_group_id = attempts.course_group_id
        and completions.completion_date = attempts.event_date

    left join course_durations
        on completions.course_group_id = course_durations.course_group_id

    left join perfect_scores
        on completions.course_group_id = perfect_scores.course_group_id
        and completions.learner_id = perfect_scores.learner_id
        and completions.platform = perfect_scores.source_system
        and completions.completion_date = perfect_scores.event_date

)

select * from completion_attempts
