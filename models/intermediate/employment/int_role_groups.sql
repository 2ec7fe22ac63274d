-- One row per role group named in the role_groups seed, with the track and audience all its job
-- families agree on; where they disagree the value is NULL.

with

role_groups as (

    select * from {{ ref('stg_reference__role_groups') }}

),

agreed as (

    select
        role_group,
        case when min(track) = max(track) then min(track) end as track,
        case when min(audience) = max(audience) then min(audience) end as audience

    from role_groups

    where role_group is not null

    group by role_group

)

select * from agreed
