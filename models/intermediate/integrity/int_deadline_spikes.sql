-- One row per program and tool: completions on the last days of the window against those before,
-- and whether the last days are a spike.
--
-- Only units that are due and were completed between their assignment and their due date, and only
-- windows with days before the last integrity_deadline_days. Both rates are per day of the window.

{% set last_days = var('integrity_deadline_days') %}

with

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and is_completed_in_window
        and completion_date >= assigned_date
        and {{ days_between('due_date', 'assigned_date') }} >= {{ last_days }}

),

counts as (

    select
        program_id,
        tool_id,
        max({{ days_between('due_date', 'assigned_date') }}) as window_days,
        count(case
            when {{ days_between('due_date', 'completion_date') }} < {{ last_days }} then 1
        end) as n_last_days,
        count(case
            when {{ days_between('due_date', 'completion_date') }} >= {{ last_days }} then 1
        end) as n_before

    from units

    group by
        program_id,
        tool_id

),

-- A program has one window; it has window_days + 1 days, both ends included.
spikes as (

    select
        program_id,
        tool_id,
        window_days,
        n_last_days,
        n_before,
        n_last_days >= {{ var('integrity_deadline_people') }}
        and n_last_days * (window_days + 1 - {{ last_days }})
        >= {{ var('integrity_deadline_factor') }} * n_before * {{ last_days }}
            as is_spike

    from counts

)

select * from spikes
