-- One row per program, wave and tool the program trains for: whether it is known who could use it
-- on the day the wave is judged.
--
-- An open tool is everybody's. A tool sold by seat is known where its licence feed covers the day.

with

waves as (

    select * from {{ ref('int_program_waves') }}

),

learner_courses as (

    select * from {{ ref('int_program_courses') }}

    where course_role = 'learner'

),

ties as (

    select * from {{ ref('int_course_tool_ties') }}

),

tool_coverage as (

    select * from {{ ref('int_tool_coverage') }}

),

seat_spans as (

    select * from {{ ref('int_delivered_spans') }}

    where span_kind = 'seat'

),

-- one course : many ties (several tools, several periods). A course that teaches no tool while the
-- program runs is excluded.
program_tools as (

    select distinct
        learner_courses.program_id,
        ties.tool_id

    from learner_courses

    inner join ties
        on learner_courses.course_group_id = ties.course_group_id
        and learner_courses.ends_on >= ties.valid_from
        and learner_courses.starts_on < ties.valid_to

),

-- one wave : the many tools of its program (none: excluded, there is nothing to deploy). Many tools
-- : one row of coverage, which a guard insists on. Many tools : zero or one span that holds the
-- day, because spans never overlap; outside every span the seats are not known.
wave_tools as (

    select
        waves.program_id,
        waves.wave_id,
        waves.judged_on,
        program_tools.tool_id,
        tool_coverage.is_sold_by_seat,
        not tool_coverage.is_sold_by_seat or seat_spans.tool_id is not null as is_access_known

    from waves

    inner join program_tools
        on waves.program_id = program_tools.program_id

    left join tool_coverage
        on program_tools.tool_id = tool_coverage.tool_id

    left join seat_spans
        on program_tools.tool_id = seat_spans.tool_id
        and waves.judged_on >= seat_spans.date_from
        and waves.judged_on <= seat_spans.date_to

)

select * from wave_tools
