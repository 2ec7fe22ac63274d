-- One row per employee and tool of int_licence_holdings: attributes of as_of_date, and what became
-- of the seat and of the training.
--
-- seat_use: `active` in the window, `unknown` (nothing seen, a day of the window not covered),
-- `new` (nothing seen, no seat on the first day of the window), else `idle`. training_use likewise
-- of employed completers: `active`, `unknown`, `new` (completed on or after the first day),
-- `not_using`.

with

holdings as (

    select * from {{ ref('int_licence_holdings') }}

),

windows as (

    select * from {{ ref('int_licence_windows') }}

),

last_use as (

    select * from {{ ref('int_last_use') }}

),

seat_intervals as (

    select * from {{ ref('int_seat_intervals') }}

),

employment as (

    select * from {{ ref('int_employment_intervals') }}

),

manager_spans as (

    select * from {{ ref('int_manager_spans') }}

),

-- many seat periods : zero or one tool. Who held a seat on the first day of the window, once.
held_before as (

    select distinct
        seat_intervals.employee_id,
        seat_intervals.tool_id

    from seat_intervals

    inner join windows as first_days
        on seat_intervals.tool_id = first_days.tool_id
        and seat_intervals.valid_from <= first_days.window_start_date
        and seat_intervals.valid_to > first_days.window_start_date

),

-- many holdings : one tool; zero or one last use (none: nothing was seen), early seat, HR row and
-- manager of as_of_date (none: unknown).
people as (

    select
        holdings.employee_id,
        holdings.tool_id,
        holdings.n_seats,
        holdings.n_seats_without_cost,
        holdings.monthly_cost,
        holdings.completion_date,
        holdings.is_judged,
        holdings.is_adopted,
        holdings.training_hours,
        employment.role_group,
        employment.track,
        employment.audience,
        employment.department,
        employment.location,
        coalesce(manager_spans.manager_group, 'unknown') as manager_group,
        coalesce(not employment.is_terminated, false) as is_employed,
        windows.window_start_date,
        windows.week_start_date,
        windows.is_window_covered,
        last_use.last_use_date,
        held_before.employee_id is not null as is_held_before

    from holdings

    inner join windows
        on holdings.tool_id = windows.tool_id

    left join last_use
        on holdings.employee_id = last_use.employee_id
        and holdings.tool_id = last_use.tool_id

    left join held_before
        on holdings.employee_id = held_before.employee_id
        and holdings.tool_id = held_before.tool_id

    left join employment
        on holdings.employee_id = employment.employee_id
        and windows.as_of_date >= employment.valid_from
        and windows.as_of_date < employment.valid_to

    left join manager_spans
        on holdings.employee_id = manager_spans.employee_id
        and windows.as_of_date >= manager_spans.valid_from
        and windows.as_of_date < manager_spans.valid_to

),

judged as (

    select
        *,
        case
            when n_seats = 0 then null
            when last_use_date >= window_start_date then 'active'
            when not is_window_covered then 'unknown'
            when not is_held_before then 'new'
            else 'idle'
        end as seat_use,
        case
            when completion_date is null or not is_employed then null
            when last_use_date >= window_start_date then 'active'
            when not is_window_covered then 'unknown'
            when completion_date >= window_start_date then 'new'
            else 'not_using'
        end as training_use,
        coalesce(last_use_date >= week_start_date, false) as is_weekly_active

    from people

)

select * from judged
