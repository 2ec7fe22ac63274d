-- Finds programs without a row for each of the six failure modes, and rows of program_diagnostics
-- whose verdict is not that of their share, or that are not measured and do not say why.
-- When it matters: always; a program would be judged by less than it is asked for.
-- How to fix: int_diagnostic_counts has each program, int_diagnostic_modes each mode of it.

with

programs as (

    select
        program_id,
        0 as n_rows,
        0 as n_wrong

    from {{ ref('stg_reference__programs') }}

),

diagnostics as (

    select
        program_id,
        1 as n_rows,
        case
            when (status = 'not measured') <> (not_measured is not null) then 1
            when status = 'pass' and measured_rate + n_unknown < threshold_rate - 1e-9 then 1
            when status = 'fail' and measured_rate >= warn_rate and n_unknown = 0 then 1
            when numerator > denominator or n_reverted > n_at_risk or n_unknown < 0 then 1
            else 0
        end as n_wrong

    from {{ ref('program_diagnostics') }}

),

together as (

    select * from programs

    union all

    select * from diagnostics

),

broken as (

    select
        program_id,
        sum(n_rows) as n_rows,
        sum(n_wrong) as n_wrong

    from together

    group by program_id

    having
        sum(n_rows) <> 6
        or sum(n_wrong) > 0

)

select * from broken
