-- Finds rows of completion_integrity whose counts contradict each other or adoption_rates.
-- When it matters: always; a unit was lost, or is flagged and cleared at once.
-- How to fix: compare int_completion_integrity with int_unit_checkpoints for the program and tool.

{{ config(meta={'joins': [{
    'name': 'integrity_rows_to_adoption_rates',
    'join': 'adoption_rates',
    'kind': 'equality',
    'keys': [
        ['program_id', 'program_id'], ['tool_id', 'tool_id'], ['checkpoint_day', 'checkpoint_day']
    ],
}]}) }}

with

integrity as (

    select
        *,
        max(case when rule_name = 'any_rule' then n_judged - n_suspicious end) over one_cell
            as n_flagged_by_none,
        max(case when rule_name = 'any_rule' then n_suspicious end) over one_cell
            as n_flagged_by_any,
        count(*) over one_cell as n_rules

    from {{ ref('completion_integrity') }}

    window one_cell as (partition by program_id, tool_id, checkpoint_day)

),

adoption_rates as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        n_completed,
        n_eligible,
        n_adopted

    from {{ ref('adoption_rates') }}

    where dimension = 'all'

),

-- many rules : one row of adoption_rates; a missing one is found by its NULL counts.
compared as (

    select
        integrity.program_id,
        integrity.tool_id,
        integrity.checkpoint_day,
        integrity.rule_name,
        integrity.is_measured,
        integrity.n_completed,
        integrity.n_judged,
        integrity.n_suspicious,
        integrity.n_eligible_suspicious,
        integrity.n_adopted_suspicious,
        integrity.n_eligible_rest,
        integrity.n_adopted_rest,
        integrity.n_flagged_by_none,
        integrity.n_flagged_by_any,
        integrity.n_rules,
        adoption_rates.n_completed as n_all_completed,
        adoption_rates.n_eligible as n_all_eligible,
        adoption_rates.n_adopted as n_all_adopted

    from integrity

    left join adoption_rates
        on integrity.program_id = adoption_rates.program_id
        and integrity.tool_id = adoption_rates.tool_id
        and integrity.checkpoint_day = adoption_rates.checkpoint_day

),

broken as (

    select * from compared

    where
        n_completed is distinct from n_all_completed
        or n_rules <> 6
        or n_judged > n_completed
        or n_suspicious > n_judged
        or n_suspicious > n_flagged_by_any
        or (rule_name = 'no_rule' and is_measured and n_judged <> n_flagged_by_none)
        or n_eligible_suspicious > n_suspicious
        or n_adopted_suspicious > n_eligible_suspicious
        or n_adopted_rest > n_eligible_rest
        or n_eligible_suspicious + n_eligible_rest > n_all_eligible
        or n_adopted_suspicious + n_adopted_rest > n_all_adopted

)

select * from broken
