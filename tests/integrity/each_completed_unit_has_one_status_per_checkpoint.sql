-- Finds completed units of known employees that do not have exactly one row per checkpoint day.
-- When it matters: always; a missing unit leaves every rate, a doubled one counts twice.
-- How to fix: unit_checkpoints joins people by date. Look for days that int_employee_dates does not
-- ask HR about, then for doubled rows in int_checkpoints.

with

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and completion_date is not null

),

unit_checkpoints as (

    select * from {{ ref('int_unit_checkpoints') }}

),

counted as (

    select
        program_id,
        employee_id,
        tool_id,
        {{ var('checkpoint_days') | length }} as n_expected,
        0 as n_found

    from units

    union all

    select
        program_id,
        employee_id,
        tool_id,
        0 as n_expected,
        1 as n_found

    from unit_checkpoints

),

compared as (

    select
        program_id,
        employee_id,
        tool_id,
        sum(n_expected) as n_expected,
        sum(n_found) as n_found

    from counted

    group by
        program_id,
        employee_id,
        tool_id

),

broken as (

    select
        program_id,
        employee_id,
        tool_id,
        n_expected,
        n_found

    from compared

    where n_expected <> n_found

)

select * from broken
