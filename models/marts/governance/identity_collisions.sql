-- One row per alias and period in which two or more different people are claimed for it. Restricted
-- and never published: aliases are addresses, claimants are employees.

with

collisions as (

    select * from {{ ref('int_alias_collisions') }}

),

listed as (

    select
        alias_type,
        alias_value,
        valid_from,
        valid_to,
        n_claimants,
        claimants,
        resolution

    from collisions

)

select * from listed
