-- One row per program with completed units: how many had another course of their tool in the days
-- after the index date.
--
-- Any course tied to the tool counts, the same one again as well. Before the days are over, who has
-- had none yet is not known.

with

units as (

    select * from {{ ref('int_units') }}

    where
        program_id <> 'all'
        and is_attributed
        and completion_date is not null

),

later_events as (

    select * from {{ ref('int_tool_training_events') }}

    where
        training_event = 'satisfied'
        and is_attributed

),

settings as (

    select as_of_date from {{ ref('int_report_settings') }}

),

-- one unit : zero or many later events (none: no follow-up); the one row of settings.
followed as (

    select
        units.program_id,
        units.employee_id,
        units.tool_id,
        coalesce(bool_or(
            later_events.event_date
            <= {{ add_days('units.completion_date', var('follow_up_days')) }}
        ), false) as is_followed,
        bool_or(
            {{ add_days('units.completion_date', var('follow_up_days')) }} <= settings.as_of_date
        ) as is_over

    from units

    left join later_events
        on units.employee_id = later_events.employee_id
        and units.tool_id = later_events.tool_id
        and units.completion_date < later_events.event_date

    cross join settings

    group by
        units.program_id,
        units.employee_id,
        units.tool_id

),

follow_ups as (

    select
        program_id,
        cast(sum(case when is_followed then 1 else 0 end) as bigint) as n_followed,
        cast(sum(case when is_followed or is_over then 1 else 0 end) as bigint) as n_known,
        count(*) as n_units

    from followed

    group by program_id

)

select * from follow_ups
