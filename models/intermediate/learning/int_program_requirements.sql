-- One row per program with rule `all` and tool: how many required learner courses must be
-- completed.
--
-- A required course counts for a tool if a tie of it to the tool overlaps the program. A tool no
-- required course is tied to has no row, hence no unit.

with

program_courses as (

    select * from {{ ref('int_program_courses') }}

),

ties as (

    select * from {{ ref('int_course_tool_ties') }}

),

-- one course : many ties (several tools, several periods). A course without an overlapping tie
-- requires nothing and is excluded.
overlapping as (

    select distinct
        program_courses.program_id,
        ties.tool_id,
        program_courses.course_group_id

    from program_courses

    inner join ties
        on program_courses.course_group_id = ties.course_group_id
        and program_courses.ends_on >= ties.valid_from
        and program_courses.starts_on < ties.valid_to

    where
        program_courses.course_role = 'learner'
        and program_courses.completion_rule = 'all'
        and program_courses.is_required

),

requirements as (

    select
        program_id,
        tool_id,
        cast(count(*) as bigint) as n_required_courses

    from overlapping

    group by program_id, tool_id

)

select * from requirements
