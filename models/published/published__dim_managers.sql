-- One row per manager with a cohort, as BI may read it: the pseudonym, nothing else about the
-- person.

with

dim_managers as (

    select * from {{ ref('dim_managers') }}

),

published as (

    select manager_key

    from dim_managers

)

select * from published
