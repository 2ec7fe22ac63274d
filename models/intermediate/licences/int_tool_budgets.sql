-- One row per tool (or `all`) with programs that teach it: the training budgets that are stated.
--
-- A program teaches the tools its learner courses are ever tied to; its whole budget stands beside
-- each of them, once beside `all`. NULL: no program states one. Nothing is split or guessed.

with

program_courses as (

    select * from {{ ref('int_program_courses') }}

    where course_role = 'learner'

),

ties as (

    select * from {{ ref('int_course_tool_ties') }}

),

programs as (

    select * from {{ ref('stg_reference__programs') }}

),

-- many courses : many ties. Courses that teach no measured tool are excluded; each program and tool
-- once, and each program once under `all`.
taught as (

    select
        program_courses.program_id,
        ties.tool_id

    from program_courses

    inner join ties
        on program_courses.course_group_id = ties.course_group_id

),

program_tools as (

    select
        program_id,
        tool_id

    from taught

    union

    select
        program_id,
        'all' as tool_id

    from taught

),

-- many tools : one program.
tool_budgets as (

    select
        program_tools.tool_id,
        cast(count(*) as integer) as n_programs,
        cast(count(*) - count(programs.training_budget) as integer) as n_programs_without_budget,
        sum(programs.training_budget) as training_budget

    from program_tools

    inner join programs
        on program_tools.program_id = programs.program_id

    group by program_tools.tool_id

)

select * from tool_budgets
