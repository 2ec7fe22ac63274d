-- One row per program, wave and manager of its people: whether they completed manager enablement
-- soon enough before the wave's first day.
--
-- The last day in time is manager_lead_days before it, that day included. Managers are those of the
-- day the wave is judged; people without a known manager add none.

with

waves as (

    select * from {{ ref('int_program_waves') }}

),

people as (

    select * from {{ ref('int_wave_people') }}

),

people_on_dates as (

    select * from {{ ref('int_people_on_dates') }}

    where manager_status = 'known'

),

enablement as (

    select * from {{ ref('int_manager_enablement') }}

),

-- one person of a wave : one row of that day, because every such day is asked for (none: no known
-- manager, excluded).
managers as (

    select distinct
        people.program_id,
        people.wave_id,
        people_on_dates.manager_employee_id

    from people

    inner join people_on_dates
        on people.employee_id = people_on_dates.employee_id
        and people.judged_on = people_on_dates.on_date

),

-- many managers : their one wave, which a guard insists on. Many managers : zero or one enablement
-- (none: never enabled).
trained as (

    select
        managers.program_id,
        managers.wave_id,
        managers.manager_employee_id,
        enablement.enabled_date,
        coalesce(
            enablement.enabled_date
            <= {{ add_days('waves.starts_on', -var('manager_lead_days')) }},
            false
        ) as is_trained_in_time

    from managers

    left join waves
        on managers.program_id = waves.program_id
        and managers.wave_id = waves.wave_id

    left join enablement
        on managers.program_id = enablement.program_id
        and managers.manager_employee_id = enablement.employee_id

)

select * from trained
