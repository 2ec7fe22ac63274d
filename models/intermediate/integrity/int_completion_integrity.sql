-- One row per completed unit of a known employee (program, employee, tool): which rule of
-- completion_integrity speaks against the completion. NULL: the rule cannot judge it.
--
-- Restricted: a signal is no proof, and no published table shows it of a person.

{% set last_days = var('integrity_deadline_days') %}

with

attempts as (

    select * from {{ ref('int_completion_attempts') }}

),

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and completion_date is not null

),

answer_copies as (

    select * from {{ ref('int_answer_copies') }}

),

deadline_spikes as (

    select * from {{ ref('int_deadline_spikes') }}

),

-- one unit : many days of answers. Units without any near the completion are excluded here and
-- cannot be judged.
answered as (

    select
        attempts.program_id,
        attempts.employee_id,
        attempts.tool_id,
        bool_or(answer_copies.has_identical_answer) as has_identical_answer

    from attempts

    inner join answer_copies
        on attempts.employee_id = answer_copies.employee_id
        and attempts.completion_date >= answer_copies.near_from_date
        and attempts.completion_date <= answer_copies.near_to_date

    group by
        attempts.program_id,
        attempts.employee_id,
        attempts.tool_id

),

-- many units : zero or one comparison of the program and tool (none: nobody was due, or the window
-- is no longer than its last days).
at_deadlines as (

    select
        units.program_id,
        units.employee_id,
        units.tool_id,
        case
            when not units.is_completed_in_window then null
            when units.completion_date < units.assigned_date then null
            when deadline_spikes.is_spike is null then null
            else
                deadline_spikes.is_spike
                and {{ days_between('units.due_date', 'units.completion_date') }} < {{ last_days }}
        end as is_in_deadline_spike

    from units

    left join deadline_spikes
        on units.program_id = deadline_spikes.program_id
        and units.tool_id = deadline_spikes.tool_id

),

-- one unit : one row at its deadline; one unit : zero or one row of answers (none: cannot judge).
flagged as (

    select
        attempts.program_id,
        attempts.employee_id,
        attempts.tool_id,
        attempts.duration_seconds is not null as has_duration,
        attempts.score_scaled is not null as has_score,
        attempts.duration_seconds
        < cast({{ var('integrity_short_share') }} as double) * attempts.course_minutes * 60
            as is_implausibly_short,
        case when attempts.has_timed_score then attempts.is_burst end as is_in_perfect_score_burst,
        answered.has_identical_answer,
        at_deadlines.is_in_deadline_spike

    from attempts

    inner join at_deadlines
        on attempts.program_id = at_deadlines.program_id
        and attempts.employee_id = at_deadlines.employee_id
        and attempts.tool_id = at_deadlines.tool_id

    left join answered
        on attempts.program_id = answered.program_id
        and attempts.employee_id = answered.employee_id
        and attempts.tool_id = answered.tool_id

),

integrity as (

    select
        program_id,
        employee_id,
        tool_id,
        has_duration,
        has_score,
        is_implausibly_short,
        is_in_perfect_score_burst,
        has_identical_answer,
        is_in_deadline_spike,
        case
            when
                is_implausibly_short is null
                and is_in_perfect_score_burst is null
                and has_identical_answer is null
                and is_in_deadline_spike is null
                then null
            else
                coalesce(is_implausibly_short, false)
                or coalesce(is_in_perfect_score_burst, false)
                or coalesce(has_identical_answer, false)
                or coalesce(is_in_deadline_spike, false)
        end as is_suspicious

    from flagged

)

select * from integrity
