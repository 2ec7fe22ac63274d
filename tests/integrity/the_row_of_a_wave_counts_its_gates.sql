-- Finds waves of rollout_readiness without a row for each of the four gates and one for all, whose
-- row `all` does not count its gates by their status, or with a part larger than its whole.
-- When it matters: always; a blocked wave would be read as ready, or not be listed.
-- How to fix: look at int_readiness_gates, which has each wave once per gate.

with

readiness as (

    select * from {{ ref('rollout_readiness') }}

),

waves as (

    select
        program_id,
        wave_id,
        count(*) as n_rows,
        sum(case when gate = 'all' then n_met end) as n_passed,
        sum(case when gate = 'all' then n_judged - n_met end) as n_failed,
        sum(case when gate = 'all' then n_unknown end) as n_unmeasured,
        sum(case when gate <> 'all' and status = 'pass' then 1 else 0 end) as n_pass_rows,
        sum(case when gate <> 'all' and status = 'fail' then 1 else 0 end) as n_fail_rows,
        sum(case when gate <> 'all' and status = 'not measured' then 1 else 0 end)
            as n_unmeasured_rows,
        sum(case when n_met > n_judged or n_met < 0 or n_unknown < 0 then 1 else 0 end)
            as n_impossible

    from readiness

    group by program_id, wave_id

),

broken as (

    select * from waves

    where
        n_rows <> 5
        or n_passed <> n_pass_rows
        or n_failed <> n_fail_rows
        or n_unmeasured <> n_unmeasured_rows
        or n_impossible > 0

)

select * from broken
