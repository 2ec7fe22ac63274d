-- One row per panel and person in it, with the month of the treatment: completion, or assignment.
--
-- never_treated() stands for everybody not treated by the panel's last month, whatever comes later.
-- Whoever was treated by the first month they are seen in has no month before it and is in no
-- panel. Who completed before being assigned, or without, is in no panel of assignment: training
-- came another way.

with

panels as (

    select * from {{ ref('int_effect_panels') }}

),

people as (

    select * from {{ ref('int_effect_people') }}

),

trained as (

    select
        tool_id,
        employee_id,
        completion_date,
        assigned_date

    from {{ ref('int_units') }}

    where
        program_id = 'all'
        and is_attributed

),

-- many panels : the people of the tool; one of them : zero or one learner-tool unit (none: neither
-- assigned nor trained, which makes a control).
with_dates as (

    select
        panels.panel_id,
        panels.tool_id,
        panels.last_period,
        people.employee_id,
        people.cluster_id,
        people.entered_period,
        case
            when panels.estimator = 'completion' then {{ month_number('trained.completion_date') }}
            else {{ month_number('trained.assigned_date') }}
        end as month_of_treatment,
        panels.estimator = 'assignment'
        and trained.completion_date is not null
        and coalesce(trained.completion_date < trained.assigned_date, true)
            as is_trained_otherwise

    from panels

    inner join people
        on panels.tool_id = people.tool_id

    left join trained
        on people.tool_id = trained.tool_id
        and people.employee_id = trained.employee_id

),

units as (

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

    from with_dates

    where
        not is_trained_otherwise
        and coalesce(month_of_treatment > entered_period, true)

)

select * from units
