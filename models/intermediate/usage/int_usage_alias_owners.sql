-- One row per month with usage, alias and period of one owner in it.
--
-- Periods are cut to the month: a change outside the month leaves its rows, and so its fingerprint,
-- as they were.

with

aliases as (

    select * from {{ ref('int_usage_aliases') }}

),

alias_owners as (

    select * from {{ ref('int_alias_owners') }}

),

-- many months of an alias : many periods that touch the month. An alias nobody owns is excluded
-- here; its usage stays and is unmatched.
owned as (

    select
        aliases.usage_month,
        aliases.alias_type,
        aliases.alias_value,
        greatest(alias_owners.valid_from, aliases.usage_month) as valid_from,
        least(alias_owners.valid_to, aliases.next_month) as valid_to,
        alias_owners.employee_id,
        alias_owners.identity_status

    from aliases

    inner join alias_owners
        on aliases.alias_type = alias_owners.alias_type
        and aliases.alias_value = alias_owners.alias_value
        and aliases.usage_month < alias_owners.valid_to
        and aliases.next_month > alias_owners.valid_from

)

select * from owned
