-- One row per completed unit and per due assignment with a known manager: how many days before the
-- unit's index date its manager had completed enablement.
--
-- Negative: the manager came after the report. NULL: the manager never did (enabled_date NULL), or
-- the row is an assignment, which only tells that the cohort exists.

with

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

    where
        manager_status = 'known'
        and checkpoint_day = {{ var('checkpoint_days') | first }}

),

due_assignments as (

    select * from {{ ref('int_due_assignments') }}

    where manager_status = 'known'

),

enablement as (

    select * from {{ ref('int_manager_enablement') }}

),

cohort_members as (

    select
        program_id,
        employee_id,
        tool_id,
        manager_group,
        manager_employee_id,
        completion_date,
        'completion' as member_by

    from unit_checkpoints

    union all

    select
        program_id,
        employee_id,
        tool_id,
        manager_group,
        manager_employee_id,
        cast(null as date) as completion_date,
        'assignment' as member_by

    from due_assignments

),

-- many members : zero or one enablement of their manager (none: never enabled, kept with NULL).
activations as (

    select
        cohort_members.program_id,
        cohort_members.employee_id,
        cohort_members.tool_id,
        cohort_members.member_by,
        cohort_members.manager_group,
        cohort_members.completion_date,
        enablement.enabled_date,
        {{ days_between('cohort_members.completion_date', 'enablement.enabled_date') }}
            as lead_days

    from cohort_members

    left join enablement
        on cohort_members.program_id = enablement.program_id
        and cohort_members.manager_employee_id = enablement.employee_id

)

select * from activations
