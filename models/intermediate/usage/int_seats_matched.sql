-- One row per active seat (source, tool, alias, period): whether anybody known to HR holds its
-- alias on a day of it.
--
-- Nothing is cut here: who holds the seat on which day is int_seat_intervals' matter.

with

tool_licences as (

    select
        source_system,
        tool_id,
        alias_type,
        alias_value,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        cast(extracted_at as date) as extracted_date

    from {{ ref('tool_licences') }}

    where coalesce(lower(trim(status)), 'active') = 'active'

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

),

-- one seat : zero or many alias periods that overlap it. Seats of aliases nobody owns stay.
with_owners as (

    select
        tool_licences.source_system,
        tool_licences.tool_id,
        tool_licences.alias_type,
        tool_licences.alias_value,
        tool_licences.valid_from,
        tool_licences.valid_to,
        tool_licences.extracted_date,
        alias_owners.identity_status

    from tool_licences

    left join alias_owners
        on tool_licences.alias_type = alias_owners.alias_type
        and tool_licences.alias_value = alias_owners.alias_value
        and tool_licences.valid_from < alias_owners.valid_to
        and tool_licences.valid_to > alias_owners.valid_from

),

-- `conflict` stands before `unknown_employee` in the alphabet too: the first of them is told.
seats as (

    select
        source_system,
        tool_id,
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        max(extracted_date) as extracted_date,
        case
            when max(case when identity_status = 'matched' then 1 else 0 end) = 1 then 'matched'
            else coalesce(min(identity_status), 'unmatched')
        end as identity_status

    from with_owners

    group by
        source_system,
        tool_id,
        alias_type,
        alias_value,
        valid_from,
        valid_to

)

select * from seats
