-- One row per job family, with the role group, track and audience it belongs to.

with

role_groups as (

    select
        {{ reference_columns(ref('role_groups'), {
            'job_family': 'string',
            'role_group': 'string',
            'track': 'string',
            'audience': 'string'
        }) }}

    from {{ ref('role_groups') }}

)

select * from role_groups
