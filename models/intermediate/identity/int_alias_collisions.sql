-- One row per alias and period in which two or more different people are claimed for it.
--
-- `open`: nobody owns the alias then (int_alias_owners says conflict). `decided_by_override`: a
-- person decided in the seed alias_overrides. Claims that follow each other, as of a reused
-- address, are no collision.

with

alias_claims as (

    select * from {{ ref('int_alias_claims') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

),

-- Few aliases are claimed for two people at any time: only their periods are looked at.
with_extremes as (

    select
        alias_type,
        alias_value,
        employee_id,
        valid_from,
        valid_to,
        precedence,
        min(employee_id) over (partition by alias_type, alias_value) as first_employee_id,
        max(employee_id) over (partition by alias_type, alias_value) as last_employee_id

    from alias_claims

),

contested_claims as (

    select * from with_extremes

    where first_employee_id <> last_employee_id

),

-- one claim : one or many periods of its alias, which are cut where any claim starts or ends.
claimed_periods as (

    select
        alias_owners.alias_type,
        alias_owners.alias_value,
        alias_owners.valid_from,
        alias_owners.valid_to,
        alias_owners.identity_status,
        contested_claims.employee_id,
        contested_claims.precedence

    from contested_claims

    inner join alias_owners
        on contested_claims.alias_type = alias_owners.alias_type
        and contested_claims.alias_value = alias_owners.alias_value
        and contested_claims.valid_from <= alias_owners.valid_from
        and contested_claims.valid_to > alias_owners.valid_from

),

claimants as (

    select
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        identity_status,
        employee_id,
        min(precedence) as precedence

    from claimed_periods

    where employee_id is not null

    group by alias_type, alias_value, valid_from, valid_to, identity_status, employee_id

),

collisions as (

    select
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        cast(count(*) as bigint) as n_claimants,
        {{ string_list('employee_id') }} as claimants,
        case
            when identity_status = 'conflict' then 'open'
            else 'decided_by_override'
        end as resolution

    from claimants

    group by alias_type, alias_value, valid_from, valid_to, identity_status

    having count(*) > 1

)

select * from collisions
