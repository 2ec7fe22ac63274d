-- One row per panel of completion or assignment and person in it, with the month of the treatment.
--
-- never_treated() stands for everybody not treated by the panel's last month, whatever comes later.
-- Whoever was treated by the first month they are seen in has no month before it and is in no
-- panel. Nor is anybody to whom training for the tool came another way: before the assignment or
-- without one, or outside of the program before it or instead of it.

with

panels as (

    select * from {{ ref('int_effect_panels') }}

    where estimator <> 'team_mates'

),

people as (

    select * from {{ ref('int_effect_people') }}

),

units as (

    select
        program_id,
        tool_id,
        employee_id,
        completion_date,
        assigned_date

    from {{ ref('int_units') }}

    where is_attributed

),

of_any_program as (

    select * from units

    where program_id = 'all'

),

-- Under rule `all` a program's completion comes later than its first course.
first_events as (

    select
        program_id,
        tool_id,
        employee_id,
        min(event_date) as first_date

    from {{ ref('int_unit_events') }}

    where
        is_attributed
        and training_event = 'satisfied'
        and (completion_rule = 'any' or is_required)

    group by
        program_id,
        tool_id,
        employee_id

),

-- many panels : the people of the tool; one of them : zero or one unit of the program, learner-tool
-- unit and first event in the program (none: neither assigned nor trained, which makes a control).
with_dates as (

    select
        panels.panel_id,
        panels.tool_id,
        panels.last_period,
        panels.estimator,
        people.employee_id,
        people.cluster_id,
        people.entered_period,
        case
            when panels.estimator = 'completion' then units.completion_date
            else units.assigned_date
        end as treated_date,
        case
            when panels.estimator = 'completion' then first_events.first_date
            else units.assigned_date
        end as begun_date,
        of_any_program.completion_date as trained_date,
        case
            when panels.estimator = 'assignment' then of_any_program.assigned_date
        end as assigned_date

    from panels

    inner join people
        on panels.tool_id = people.tool_id

    left join units
        on panels.program_id = units.program_id
        and people.tool_id = units.tool_id
        and people.employee_id = units.employee_id

    left join of_any_program
        on people.tool_id = of_any_program.tool_id
        and people.employee_id = of_any_program.employee_id

    left join first_events
        on panels.program_id = first_events.program_id
        and people.tool_id = first_events.tool_id
        and people.employee_id = first_events.employee_id

),

with_months as (

    select
        panel_id,
        tool_id,
        last_period,
        employee_id,
        cluster_id,
        entered_period,
        {{ month_number('treated_date') }} as month_of_treatment,
        coalesce(
            trained_date < begun_date
            or assigned_date < begun_date
            or (treated_date is null and coalesce(trained_date, assigned_date) is not null),
            false
        ) as is_treated_otherwise

    from with_dates

),

trained_units as (

    select
        panel_id,
        tool_id,
        employee_id,
        cluster_id,
        entered_period,
        case
            when month_of_treatment <= last_period then month_of_treatment
            else {{ never_treated() }}
        end as treated_period

    from with_months

    where
        not is_treated_otherwise
        and coalesce(month_of_treatment > entered_period, true)

)

select * from trained_units
