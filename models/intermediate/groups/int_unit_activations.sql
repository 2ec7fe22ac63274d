-- One row per completed unit with a known manager: how many days before the unit's index date its
-- manager had completed enablement.
--
-- Negative: the manager came after the report. NULL: the manager never did.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

    where
        manager_status = 'known'
        and checkpoint_day = {{ var('checkpoint_days') | first }}

),

enablement as (

    select * from {{ ref('int_manager_enablement') }}

),

-- many units : zero or one enablement of their manager (none: never enabled, kept with NULL).
activations as (

    select
        unit_checkpoints.program_id,
        unit_checkpoints.employee_id,
        unit_checkpoints.tool_id,
        unit_checkpoints.manager_group,
        unit_checkpoints.completion_date,
        enablement.enabled_date,
        {{ days_between('unit_checkpoints.completion_date', 'enablement.enabled_date') }}
            as lead_days

    from unit_checkpoints

    left join enablement
        on unit_checkpoints.program_id = enablement.program_id
        and unit_checkpoints.manager_employee_id = enablement.employee_id

)

select * from activations
