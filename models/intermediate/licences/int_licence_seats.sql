-- One row per active seat listed on its tool's seat_date: who holds it, and what it costs a month.
--
-- A person with two accounts may hold two seats, and both cost. monthly_cost NULL is not reported.
-- A seat whose alias nobody holds on the day has employee_id NULL: it is paid for, and counted.

with

tool_licences as (

    select
        source_system,
        tool_id,
        alias_type,
        alias_value,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        monthly_cost

    from {{ ref('tool_licences') }}

    where coalesce(lower(trim(status)), 'active') = 'active'

),

windows as (

    select * from {{ ref('int_licence_windows') }}

    where seat_date is not null

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

    where identity_status = 'matched'

),

-- many seats : zero or one tool. Seats of open tools, and seats not held on the seat date, are
-- excluded.
held as (

    select
        tool_licences.source_system,
        tool_licences.tool_id,
        tool_licences.alias_type,
        tool_licences.alias_value,
        tool_licences.valid_from,
        tool_licences.monthly_cost,
        windows.seat_date

    from tool_licences

    inner join windows
        on tool_licences.tool_id = windows.tool_id
        and tool_licences.valid_from <= windows.seat_date
        and tool_licences.valid_to > windows.seat_date

),

-- many seats : zero or one owner on the seat date. Seats of aliases nobody owns stay.
seats as (

    select
        held.source_system,
        held.tool_id,
        held.alias_type,
        held.alias_value,
        held.valid_from,
        held.monthly_cost,
        alias_owners.employee_id

    from held

    left join alias_owners
        on held.alias_type = alias_owners.alias_type
        and held.alias_value = alias_owners.alias_value
        and held.seat_date >= alias_owners.valid_from
        and held.seat_date < alias_owners.valid_to

)

select * from seats
