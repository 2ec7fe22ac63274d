-- Finds checkpoints that are judged after as_of_date, eligible ones without flags, others with
-- flags, and flags that contradict the counts of active days.
-- When it matters: always; an average over the wrong people looks like any other average.
-- How to fix: int_checkpoints sets every flag and count of use to NULL unless the status is
-- eligible.
{{ config(group='restricted') }}

with

checkpoints as (

    select * from {{ ref('fct_learner_tool_checkpoints') }}

),

broken as (

    select
        employee_key,
        tool_id,
        program_scope,
        checkpoint_day,
        status,
        is_adopted,
        is_tried,
        is_habitual,
        is_daily,
        active_days_last_7,
        active_days_since_completion,
        n_uncovered_days

    from checkpoints

    where
        is_eligible <> (status = 'eligible')
        or is_eligible <> (is_adopted is not null)
        or is_eligible <> (is_tried is not null)
        or is_eligible <> (is_habitual is not null)
        or is_eligible <> (is_daily is not null)
        or is_eligible <> (active_days_last_7 is not null)
        or is_eligible <> (active_days_since_completion is not null)
        or (checkpoint_date > as_of_date and status <> 'window_open')
        or (is_daily and not is_adopted)
        or (active_days_last_7 > 0) <> is_adopted
        or n_uncovered_days < 0
        or n_uncovered_days > checkpoint_day

)

select * from broken
