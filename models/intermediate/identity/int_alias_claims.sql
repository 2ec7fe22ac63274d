-- One row per claim "this alias belongs to this employee from .. to" (valid_to exclusive).
--
-- Overrides are claims of a person who looked; precedence 1 beats the exports' 2 on the dates
-- they cover. Empty and inverted periods claim nothing and are left out.

with

identity_aliases as (

    select * from {{ ref('identity_aliases') }}

),

alias_overrides as (

    select * from {{ ref('stg_reference__alias_overrides') }}

),

claims as (

    select
        alias_type,
        alias_value,
        employee_id,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        2 as precedence

    from identity_aliases

    union all

    select
        lower(alias_type) as alias_type,
        {{ clean_alias('alias_value') }} as alias_value,
        employee_id,
        coalesce(valid_from, {{ always() }}) as valid_from,
        coalesce(valid_to, {{ still() }}) as valid_to,
        1 as precedence

    from alias_overrides

),

distinct_claims as (

    select distinct
        alias_type,
        alias_value,
        employee_id,
        valid_from,
        valid_to,
        precedence

    from claims

    where valid_from < valid_to

)

select * from distinct_claims
