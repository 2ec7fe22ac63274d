-- One row per program, wave and group of people in it: a department, a location, a role group, or
-- one employee.

with

program_wave_members as (

    select
        {{ reference_columns(ref('program_wave_members'), {
            'program_id': 'string',
            'wave_id': 'string',
            'member_kind': 'string',
            'member_value': 'string'
        }) }}

    from {{ ref('program_wave_members') }}

)

select * from program_wave_members
