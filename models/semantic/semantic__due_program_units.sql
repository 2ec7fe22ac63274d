-- One row per assigned unit of a program whose time to complete is over.
--
-- A learner and tool in two programs are two rows. Attributes are those of the assignment day,
-- unlike those of completed units.

with

completions as (

    select * from {{ ref('fct_completions') }}

    where
        program_scope <> 'all'
        and is_due

),

due_units as (

    select
        program_scope as program_id,
        employee_key,
        tool_id,
        assigned_date,
        is_completed_in_window,
        {{ attributes_at('assignment', 'assignment_platform') }}

    from completions

)

select * from due_units
