-- One row per program and employee who completed one of its manager-enablement courses: the first
-- day they did.
--
-- No tool tie is needed and the program's dates do not limit it: managers are trained ahead of the
-- program. program_id `all`: any program's enablement course.

with

training_events as (

    select * from {{ ref('int_training_events') }}

    where
        training_event = 'satisfied'
        and is_attributed

),

enablement_courses as (

    select * from {{ ref('int_program_courses') }}

    where course_role = 'manager_enablement'

),

-- one event : many programs that share the course. Events of other courses are excluded: they
-- enable no manager.
enabling_events as (

    select
        enablement_courses.program_id,
        training_events.employee_id,
        training_events.event_date

    from training_events

    inner join enablement_courses
        on training_events.course_group_id = enablement_courses.course_group_id

),

first_days as (

    select
        program_id,
        employee_id,
        min(event_date) as enabled_date

    from enabling_events

    group by program_id, employee_id

    union all

    select
        'all' as program_id,
        employee_id,
        min(event_date) as enabled_date

    from enabling_events

    group by employee_id

)

select * from first_days
