-- One row per program, wave, person and tool: whether the person could use the tool on the day the
-- wave is judged. NULL: the licence feed does not tell of that day.

with

people as (

    select * from {{ ref('int_wave_people') }}

),

tools as (

    select * from {{ ref('int_wave_tools') }}

),

seat_intervals as (

    select * from {{ ref('int_seat_intervals') }}

),

-- one person : the many tools of the wave, and many persons of one wave : each of its tools (none:
-- excluded, there is nothing to deploy). One pair : zero or many seat periods, of several aliases.
paired as (

    select
        people.program_id,
        people.wave_id,
        people.employee_id,
        tools.tool_id,
        tools.is_access_known,
        not tools.is_sold_by_seat or seat_intervals.employee_id is not null as has_access

    from people

    inner join tools
        on people.program_id = tools.program_id
        and people.wave_id = tools.wave_id

    left join seat_intervals
        on people.employee_id = seat_intervals.employee_id
        and tools.tool_id = seat_intervals.tool_id
        and people.judged_on >= seat_intervals.valid_from
        and people.judged_on < seat_intervals.valid_to

),

access as (

    select
        program_id,
        wave_id,
        employee_id,
        tool_id,
        case when bool_or(is_access_known) then bool_or(has_access) end as has_access

    from paired

    group by
        program_id,
        wave_id,
        employee_id,
        tool_id

)

select * from access
