-- One row per completed unit of a program: what it is judged to be at 30, 60 and 90 days.
--
-- A learner and tool in two programs are two rows. N stands in columns, so that no sum counts a
-- unit once per checkpoint.

with

unit_checkpoints as (

    select * from {{ ref('fct_learner_tool_checkpoints') }}

    where program_scope <> 'all'

),

programs as (

    select * from {{ ref('dim_programs') }}

),

described as (

    select
        program_scope as program_id,
        employee_key,
        tool_id,
        completion_date,
        baseline_status,
        checkpoint_day,
        is_eligible,
        is_adopted,
        {{ attributes_at('completion', 'platform') }}

    from unit_checkpoints

),

judged as (

    select
        program_id,
        employee_key,
        tool_id,
        completion_date,
        baseline_status,
        {{ semantic_attributes() | join(',\n        ') }},
        {{ flags_at_checkpoints() }}

    from described

    group by
        program_id,
        employee_key,
        tool_id,
        completion_date,
        baseline_status,
        {{ semantic_attributes() | join(',\n        ') }}

),

-- many units : one program.
completed_units as (

    select
        judged.program_id,
        judged.employee_key,
        judged.tool_id,
        judged.completion_date,
        judged.baseline_status,
        {% for name in semantic_attributes() %}
        judged.{{ name }},
        {% endfor %}
        {% for n in [30, 60, 90] %}
        judged.is_eligible_{{ n }},
        judged.is_adopted_{{ n }},
        {% endfor %}
        programs.adoption_target

    from judged

    inner join programs
        on judged.program_id = programs.program_id

)

select * from completed_units
