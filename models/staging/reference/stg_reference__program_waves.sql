-- One row per program and wave: a group of people who start the program on one day.

with

program_waves as (

    select
        {{ reference_columns(ref('program_waves'), {
            'program_id': 'string',
            'wave_id': 'string',
            'wave_name': 'string',
            'starts_on': 'date'
        }) }}

    from {{ ref('program_waves') }}

)

select * from program_waves
