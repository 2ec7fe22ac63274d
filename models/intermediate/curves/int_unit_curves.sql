-- One row per completed unit of a known employee (program, employee, tool): its weeks, times to
-- first use and to lapse, and the attributes of the index date.
--
-- first_use_time is the day of the first use or, without one, the last observed day; lapse_time
-- counts from the first use. 0: at risk on no day.

with

units as (

    select * from {{ ref('int_units') }}

    where
        is_attributed
        and completion_date is not null

),

index_dates as (

    select * from {{ ref('int_curve_index_dates') }}

),

lapses as (

    select * from {{ ref('int_curve_lapses') }}

),

people as (

    select * from {{ ref('int_people_on_dates') }}

),

-- many units : one index date, shared by programs; zero or one lapse (none: no use, or a weekly
-- tool); one person on the index date.
unit_curves as (

    select
        units.program_id,
        units.employee_id,
        units.tool_id,
        units.completion_date,
        units.completion_platform as platform,
        index_dates.open_weeks,
        index_dates.at_risk_weeks,
        index_dates.active_weeks,
        index_dates.reversion_at_risk_weeks,
        index_dates.reverted_weeks,
        coalesce(index_dates.first_use_day, index_dates.n_observed_days) as first_use_time,
        index_dates.first_use_day is not null as is_first_use,
        lapses.lapse_time,
        lapses.is_lapse,
        people.role_group,
        people.track,
        people.audience,
        people.department,
        people.location,
        people.manager_group

    from units

    inner join index_dates
        on units.employee_id = index_dates.employee_id
        and units.tool_id = index_dates.tool_id
        and units.completion_date = index_dates.completion_date

    left join lapses
        on units.employee_id = lapses.employee_id
        and units.tool_id = lapses.tool_id
        and units.completion_date = lapses.completion_date

    inner join people
        on units.employee_id = people.employee_id
        and units.completion_date = people.on_date

)

select * from unit_curves
