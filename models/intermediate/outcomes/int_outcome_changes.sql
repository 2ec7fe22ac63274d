-- One row per employee, date and metric with outcomes of the person near the date: values before
-- and after it, each by what they are divided by.
--
-- Only whole periods within the last checkpoint's days before or after the date; a period that
-- holds the date itself is in neither. Without an exposure a period is one. Outcomes of teams are
-- nobody's own and not here.

{% set days = evidence_day() %}

with

outcome_dates as (

    select * from {{ ref('int_outcome_dates') }}

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

-- one date : many outcomes, by metric and period; dates without any are excluded.
near as (

    select
        outcome_dates.employee_id,
        outcome_dates.index_date,
        outcome_dates.is_control,
        outcomes.metric_id,
        outcomes.value,
        outcomes.exposure,
        outcomes.period_end < outcome_dates.index_date as is_before,
        outcomes.period_start > outcome_dates.index_date as is_after

    from outcome_dates

    inner join outcomes
        on outcome_dates.employee_id = outcomes.employee_id
        and {{ add_days('outcome_dates.index_date', -days) }} <= outcomes.period_start
        and {{ add_days('outcome_dates.index_date', days) }} >= outcomes.period_end

),

changes as (

    select
        {% for side in ['before', 'after'] %}
        sum(case when is_{{ side }} then value end)
        / sum(case when is_{{ side }} then exposure end) as value_{{ side }},
        {% endfor %}
        employee_id,
        index_date,
        is_control,
        metric_id

    from near

    where
        is_before
        or is_after

    group by
        employee_id,
        index_date,
        is_control,
        metric_id

)

select * from changes
