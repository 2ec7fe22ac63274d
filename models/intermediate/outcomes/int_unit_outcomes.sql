-- One row per completed unit (program, employee, tool) and metric with outcomes of the person
-- near the completion: values before training and after it, each by what they are divided by.
--
-- Only whole periods within the last checkpoint's days before or after the completion date; a
-- period that holds the date itself is in neither. Without an exposure a period is one. Outcomes of teams are nobody's own and not here.

{% set days = evidence_day() %}

with

completions as (

    select * from {{ ref('int_unit_completions') }}

    where is_attributed

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

delivered as (

    select
        subject_id as employee_id,
        metric_id,
        period_start,
        period_end,
        value,
        coalesce(exposure, 1) as exposure

    from {{ ref('outcomes') }}

    where
        subject_type = 'employee'
        and value is not null
        and coalesce(exposure, 1) > 0

),

-- many outcomes : the one row of settings.
outcomes as (

    select
        delivered.employee_id,
        delivered.metric_id,
        delivered.period_start,
        delivered.period_end,
        delivered.value,
        delivered.exposure

    from delivered

    cross join settings

    where delivered.period_end <= settings.as_of_date

),

-- one unit : many outcomes, by metric and period; units without any are excluded.
near as (

    select
        completions.program_id,
        completions.employee_id,
        completions.tool_id,
        outcomes.metric_id,
        outcomes.value,
        outcomes.exposure,
        outcomes.period_end < completions.completion_date as is_before,
        outcomes.period_start > completions.completion_date as is_after

    from completions

    inner join outcomes
        on completions.employee_id = outcomes.employee_id
        and {{ add_days('completions.completion_date', -days) }} <= outcomes.period_start
        and {{ add_days('completions.completion_date', days) }} >= outcomes.period_end

),

unit_outcomes as (

    select
        program_id,
        employee_id,
        tool_id,
        metric_id,
        {% for side in ['before', 'after'] %}
        sum(case when is_{{ side }} then value end)
        / sum(case when is_{{ side }} then exposure end) as value_{{ side }}
        {{- ',' if not loop.last }}
        {% endfor %}

    from near

    where
        is_before
        or is_after

    group by
        program_id,
        employee_id,
        tool_id,
        metric_id

)

select * from unit_outcomes
