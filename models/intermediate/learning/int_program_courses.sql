-- One row per program, course role and course group, with the program's dates and rule.

with

program_courses as (

    select
        program_id,
        course_role,
        source_system || ':' || source_course_id as course_name,
        coalesce(is_required, true) as is_required

    from {{ ref('stg_reference__program_courses') }}

),

programs as (

    select * from {{ ref('stg_reference__programs') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many program courses : zero or one group. A course no catalogue lists is its own group.
grouped as (

    select
        program_courses.program_id,
        program_courses.course_role,
        coalesce(course_groups.course_group_id, program_courses.course_name) as course_group_id,
        bool_or(program_courses.is_required) as is_required

    from program_courses

    left join course_groups
        on program_courses.course_name = course_groups.course_name

    group by
        program_courses.program_id,
        program_courses.course_role,
        coalesce(course_groups.course_group_id, program_courses.course_name)

),

-- many courses : one program. A course of a program that is not listed is left out and fails the
-- reference test on the seed.
with_program as (

    select
        grouped.program_id,
        grouped.course_role,
        grouped.course_group_id,
        grouped.is_required,
        coalesce(programs.starts_on, {{ always() }}) as starts_on,
        coalesce(programs.ends_on, {{ still() }}) as ends_on,
        lower(coalesce(programs.completion_rule, 'any')) as completion_rule,
        coalesce(
            programs.completion_window_days, {{ var('completion_window_days') }}
        ) as completion_window_days

    from grouped

    inner join programs
        on grouped.program_id = programs.program_id

)

select * from with_program
