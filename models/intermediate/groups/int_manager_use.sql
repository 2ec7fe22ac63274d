-- One row per manager, tool (and `all`) and N where the manager's own learner-tool unit is
-- eligible: whether they adopted. Over all tools: on any of them.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

    where
        program_id = 'all'
        and is_eligible

),

employees as (

    select
        employee_id,
        employee_key

    from {{ ref('int_employees') }}

),

-- many checkpoints : one employee.
keyed as (

    select
        employees.employee_key as manager_key,
        unit_checkpoints.tool_id,
        unit_checkpoints.checkpoint_day,
        unit_checkpoints.is_adopted

    from unit_checkpoints

    inner join employees
        on unit_checkpoints.employee_id = employees.employee_id

),

manager_use as (

    select
        manager_key,
        tool_id,
        checkpoint_day,
        is_adopted

    from keyed

    union all

    select
        manager_key,
        'all' as tool_id,
        checkpoint_day,
        bool_or(is_adopted) as is_adopted

    from keyed

    group by manager_key, checkpoint_day

)

select * from manager_use
