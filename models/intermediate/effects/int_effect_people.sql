-- One row per tool and employee who could have used it to the end of its panel: employed on every
-- day and, for a tool sold by seat, holding a seat in every calendar month, from a month on.
--
-- entered_period is the first such month. Who left, or had no seat in the end, is in no panel: what
-- they would have done is not known. cluster_id is the manager HR names on the first day of that
-- month, for the treated and their controls alike; without one, the person. role_group is of that
-- day, too.

with

tools as (

    select distinct
        tool_id,
        is_sold_by_seat,
        last_period,
        first_date,
        last_date

    from {{ ref('int_effect_panels') }}

),

employed_spans as (

    select * from {{ ref('int_employed_spans') }}

),

seats as (

    select * from {{ ref('int_seat_intervals') }}

),

employment_intervals as (

    select * from {{ ref('int_employment_intervals') }}

),

-- one tool : everybody employed on its panel's last day.
employed as (

    select
        tools.tool_id,
        tools.is_sold_by_seat,
        tools.last_date,
        employed_spans.employee_id,
        greatest(employed_spans.valid_from, tools.first_date) as employed_from

    from tools

    inner join employed_spans
        on tools.last_date >= employed_spans.valid_from
        and tools.last_date < employed_spans.valid_to

),

-- one tool : the seats that overlap its panel.
seats_within_panels as (

    select
        tools.tool_id,
        tools.last_period,
        seats.employee_id,
        {{ month_of('greatest(seats.valid_from, tools.first_date)') }} as from_date,
        {{ month_number('greatest(seats.valid_from, tools.first_date)') }} as from_month,
        {{ month_number(
            'least(' ~ add_days('seats.valid_to', -1) ~ ', tools.last_date)'
        ) }} as to_month

    from tools

    inner join seats
        on tools.tool_id = seats.tool_id
        and tools.first_date < seats.valid_to
        and tools.last_date >= seats.valid_from

    where tools.is_sold_by_seat

),

with_earlier_seats as (

    select
        *,
        max(to_month) over (
            partition by tool_id, employee_id
            order by from_month, to_month
            rows between unbounded preceding and 1 preceding
        ) as earlier_to_month

    from seats_within_panels

),

-- A calendar month without a seat in between begins another run.
with_runs as (

    select
        *,
        sum(case when from_month - earlier_to_month > 1 then 1 else 0 end) over (
            partition by tool_id, employee_id
            order by from_month, to_month
            rows between unbounded preceding and current row
        ) as run_number

    from with_earlier_seats

),

seated as (

    select
        tool_id,
        employee_id,
        min(from_date) as seated_from

    from with_runs

    group by
        tool_id,
        employee_id,
        run_number,
        last_period

    having max(to_month) = last_period

),

-- one person and tool : zero or one run of seats. Who has none is left out of a tool sold by seat.
-- The month after that of the day before is the first whole month.
entered as (

    select
        employed.tool_id,
        employed.employee_id,
        employed.last_date,
        greatest(
            {{ month_of(add_days(month_of(add_days('employed.employed_from', -1)), 31)) }},
            coalesce(seated.seated_from, employed.employed_from)
        ) as entered_date

    from employed

    left join seated
        on employed.tool_id = seated.tool_id
        and employed.employee_id = seated.employee_id

    where
        not employed.is_sold_by_seat
        or seated.employee_id is not null

),

-- many people : the HR row of the day, which is there because they are employed. Nobody is lost
-- where it is not.
people as (

    select
        entered.tool_id,
        entered.employee_id,
        entered.entered_date,
        {{ month_number('entered.entered_date') }} as entered_period,
        employment_intervals.manager_employee_id,
        coalesce(employment_intervals.manager_employee_id, entered.employee_id) as cluster_id,
        employment_intervals.role_group

    from entered

    left join employment_intervals
        on entered.employee_id = employment_intervals.employee_id
        and entered.entered_date >= employment_intervals.valid_from
        and entered.entered_date < employment_intervals.valid_to

    where entered.entered_date <= entered.last_date

)

select * from people
