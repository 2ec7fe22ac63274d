-- Finds programs and tools whose completions in the learning data are not those of the row `all`
-- plus those of the row `unattributed`, at any N.
-- When it matters: always; completions were lost between the learning platforms and the report.
-- How to fix: count int_units by is_attributed, then int_unit_checkpoints; the first that falls
-- short has a join that drops units.

with

units as (

    select * from {{ ref('int_units') }}

    where completion_date is not null

),

adoption_rates as (

    select * from {{ ref('adoption_rates') }}

    where dimension in ('all', 'unattributed')

),

counted as (

    {% for checkpoint_day in var('checkpoint_days') %}
    select
        program_id,
        tool_id,
        {{ checkpoint_day }} as checkpoint_day,
        count(*) as n_in_learning_data,
        0 as n_in_report

    from units

    group by
        program_id,
        tool_id

    union all

    select
        program_id,
        'all' as tool_id,
        {{ checkpoint_day }} as checkpoint_day,
        count(*) as n_in_learning_data,
        0 as n_in_report

    from units

    group by program_id

    union all

    {% endfor %}
    select
        program_id,
        tool_id,
        checkpoint_day,
        0 as n_in_learning_data,
        n_completed as n_in_report

    from adoption_rates

),

compared as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        sum(n_in_learning_data) as n_in_learning_data,
        sum(n_in_report) as n_in_report

    from counted

    group by
        program_id,
        tool_id,
        checkpoint_day

),

broken as (

    select
        program_id,
        tool_id,
        checkpoint_day,
        n_in_learning_data,
        n_in_report

    from compared

    where n_in_learning_data <> n_in_report

)

select * from broken
