-- One row per program with completions: how many, and how many of role-specific courses.
--
-- A person's first and later completions of one course are one. A course is role-specific if any
-- version or equivalent is said to be; NULL, where no platform says anything, is not known.

with

completions as (

    select distinct
        program_id,
        employee_id,
        course_group_id

    from {{ ref('int_unit_events') }}

    where
        program_id <> 'all'
        and training_event = 'satisfied'
        and is_attributed

),

courses as (

    select
        course_id,
        is_role_specific

    from {{ ref('courses') }}

),

course_groups as (

    select * from {{ ref('int_course_groups') }}

),

-- many courses : one group, because every course links to itself.
group_roles as (

    select
        course_groups.course_group_id,
        bool_or(courses.is_role_specific) as is_role_specific

    from courses

    inner join course_groups
        on courses.course_id = course_groups.course_name

    group by course_groups.course_group_id

),

-- many completions : zero or one group that a catalogue lists (none: not known).
content as (

    select
        completions.program_id,
        cast(sum(case when group_roles.is_role_specific then 1 else 0 end) as bigint)
            as n_role_specific,
        count(group_roles.is_role_specific) as n_known,
        count(*) as n_completions

    from completions

    left join group_roles
        on completions.course_group_id = group_roles.course_group_id

    group by completions.program_id

)

select * from content
