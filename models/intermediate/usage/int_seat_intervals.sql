-- One row per employee, tool and period in which the employee held an active seat (valid_to
-- exclusive).
--
-- A seat belongs each day to that day's holder of its alias, so a seat row is cut by the alias
-- periods. Periods of one person may overlap (two aliases); readers count days, not rows.

with

tool_licences as (

    select
        tool_id,
        alias_type,
        alias_value,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to

    from {{ ref('tool_licences') }}

    where coalesce(lower(trim(status)), 'active') = 'active'

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

    where identity_status = 'matched'

),

-- one seat : many alias periods that overlap it. Seats nobody can be named for are excluded: they
-- are nobody's licence.
held as (

    select
        alias_owners.employee_id,
        tool_licences.tool_id,
        greatest(tool_licences.valid_from, alias_owners.valid_from) as valid_from,
        least(tool_licences.valid_to, alias_owners.valid_to) as valid_to

    from tool_licences

    inner join alias_owners
        on tool_licences.alias_type = alias_owners.alias_type
        and tool_licences.alias_value = alias_owners.alias_value
        and tool_licences.valid_from < alias_owners.valid_to
        and tool_licences.valid_to > alias_owners.valid_from

),

distinct_periods as (

    select distinct
        employee_id,
        tool_id,
        valid_from,
        valid_to

    from held

    where valid_from < valid_to

)

select * from distinct_periods
