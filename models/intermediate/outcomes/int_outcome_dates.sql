-- One row per employee and date before and after which outcomes are compared: the completion dates
-- of the trained, and for people nobody trained yet the middle of each month with completions.
--
-- is_control: no course of any tool was completed by the end of the days after the date. Only
-- people with outcomes can be controls.

{% set days = evidence_day() %}

with

completions as (

    select * from {{ ref('int_unit_completions') }}

    where is_attributed

),

first_trainings as (

    select
        employee_id,
        min(completion_date) as first_date

    from completions

    group by employee_id

),

months as (

    select distinct cast({{ year_month('completion_date') }} || '-15' as date) as index_date

    from completions

),

people as (

    select distinct subject_id as employee_id

    from {{ ref('outcomes') }}

    where subject_type = 'employee'

),

-- many people : zero or one first training (none: never trained); each person in each month.
control_dates as (

    select
        people.employee_id,
        months.index_date

    from people

    cross join months

    left join first_trainings
        on people.employee_id = first_trainings.employee_id

    where
        first_trainings.first_date is null
        or first_trainings.first_date > {{ add_days('months.index_date', days) }}

),

outcome_dates as (

    select distinct
        employee_id,
        completion_date as index_date,
        false as is_control

    from completions

    union all

    select
        employee_id,
        index_date,
        true as is_control

    from control_dates

)

select * from outcome_dates
