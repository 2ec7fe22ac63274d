-- One row per panel of team mates and person in it: who was not trained for the tool by the panel's
-- end, with the month in which the first of their team was.
--
-- The team is that of the manager HR named on entry, as it was then: whoever changes the manager
-- later stays. never_treated() stands for a team with nobody trained by the last month.

with

panels as (

    select * from {{ ref('int_effect_panels') }}

    where estimator = 'team_mates'

),

people as (

    select * from {{ ref('int_effect_people') }}

),

trained as (

    select * from {{ ref('int_units') }}

    where
        program_id = 'all'
        and is_attributed
        and completion_date is not null

),

exposures as (

    select * from {{ ref('int_effect_exposures') }}

),

-- one panel : the people of its tool; one of them : zero or one training, zero or one day of their
-- manager's team (none: nobody trained, or no manager). Trained people are left out.
with_months as (

    select
        panels.panel_id,
        panels.tool_id,
        panels.last_period,
        people.employee_id,
        people.cluster_id,
        people.entered_period,
        {{ month_number('exposures.exposed_date') }} as month_of_exposure

    from panels

    inner join people
        on panels.tool_id = people.tool_id

    left join trained
        on people.tool_id = trained.tool_id
        and people.employee_id = trained.employee_id

    left join exposures
        on people.tool_id = exposures.tool_id
        and people.manager_employee_id = exposures.manager_employee_id

    where coalesce(trained.completion_date > panels.last_date, true)

),

team_units as (

    select
        panel_id,
        tool_id,
        employee_id,
        cluster_id,
        entered_period,
        case
            when month_of_exposure <= last_period then month_of_exposure
            else {{ never_treated() }}
        end as treated_period

    from with_months

    where coalesce(month_of_exposure > entered_period, true)

)

select * from team_units
